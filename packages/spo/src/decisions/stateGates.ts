import { deny, gate, pass } from "@twin/kernel"
import { previewOf } from "../fileTypes.ts"
import type { RouteRole } from "../Route.ts"
import type { AccessFacets, FileAction } from "./AccessFacets.ts"

const accessGate = gate<AccessFacets>()

/** What an outsider sees while a new file waits for its scan; the real wording is not published. */
export const scanningMessage = "This file is being scanned. Try again later."

/** Gate 8 of SPO-301: a new file stays closed to outsiders until it has been scanned. */
export const sensitiveByDefault = accessGate({
  name: "sensitive-by-default",
  facts: ["SPO-190", "SPO-191", "SPO-192", "SPO-194", "SPO-196", "SPO-197", "SPO-301"],
  reads: ["person", "scan"],
  check: ({ person, scan }) => {
    if (person === "member") return pass("People inside are never held up by scanning.", { scan })
    const closed = { code: "accessDenied", message: scanningMessage }
    switch (scan) {
      case "not-sensitive":
        return pass("The file was not added under sensitive by default.", { scan })
      case "scanned":
        return pass("Data loss prevention has scanned the file.", { scan })
      case "waiting":
        return deny("The file is new and has not been scanned yet.", { scan }, closed)
      case "never-scanned":
        return deny(
          "The file is new, and no policy of data loss prevention can scan it, so it stays closed.",
          { scan },
          closed,
        )
    }
  },
})

/** Gate 8 of SPO-301: what a matched rule of data loss prevention keeps out. */
export const dlpBlock = accessGate({
  name: "dlp-block",
  facts: ["SPO-201", "SPO-202", "SPO-205", "SPO-207", "SPO-301"],
  reads: ["dlpBlock", "person", "route", "isCloseToFile"],
  check: ({ dlpBlock: block, person, route, isCloseToFile }) => {
    const refused = {
      code: "accessDenied",
      message: "This item can't be accessed because it conflicts with your organization's policy.",
    }
    switch (block) {
      case "none":
        return pass("No rule of data loss prevention blocks the file.")
      case "PerUser":
        return person === "member"
          ? pass("The block is for people outside.", { block })
          : deny("A rule of data loss prevention keeps people outside out.", { block }, refused)
      case "PerAnonymousUser":
        return route === "anonymous-link"
          ? deny("A rule of data loss prevention stops Anyone links.", { block }, refused)
          : pass("The block is for Anyone links.", { block })
      case "All":
        return isCloseToFile
          ? pass("Owner, last modifier and site admin keep access.", { block })
          : deny(
              "A rule of data loss prevention blocks the file for everybody else.",
              { block },
              refused,
            )
    }
  },
})

const admits: Readonly<Record<RouteRole, readonly FileAction[]>> = {
  full: ["open", "edit", "download", "print", "copy", "upload"],
  edit: ["open", "edit", "download", "print", "copy", "upload"],
  review: ["open", "download", "print", "copy"],
  view: ["open", "download", "print", "copy"],
  viewOnly: ["open", "copy"],
  restrictedView: ["open", "copy"],
  createOnly: ["upload"],
  none: [],
}

/** Whether a role, by itself, admits an action: blocking download blocks printing, too (SPO-026). */
export const roleAdmits = (role: RouteRole, action: FileAction): boolean =>
  admits[role].includes(action)

/** Gate 9 of SPO-301: what this way grants. */
export const permission = accessGate({
  name: "permission",
  facts: ["SPO-025", "SPO-026", "SPO-102", "SPO-225", "SPO-226", "SPO-016"],
  reads: ["role", "action", "person", "fileType", "blockDownloadFileTypes"],
  check: ({ role, action, person, fileType, blockDownloadFileTypes }) => {
    const refused = { code: "accessDenied", message: "You don't have permission to do this." }
    if (person === "ad-hoc" && action === "edit") {
      return deny("Somebody who comes with a code can only view.", { role }, refused)
    }
    // View Only renders in the browser; what cannot be rendered can be downloaded (SPO-226).
    if (role === "viewOnly" && previewOf(fileType) === "none" && action === "download") {
      return pass("What the browser cannot show may be downloaded.", { role, fileType })
    }
    if (role === "restrictedView" && !opensWithoutDownload(fileType, blockDownloadFileTypes)) {
      return deny("A link that blocks download does not open this type of file.", {
        fileType,
        blockDownloadFileTypes,
      })
    }
    return roleAdmits(role, action)
      ? pass("The permission covers this.", { role, action })
      : deny("The permission does not cover this.", { role, action }, refused)
  },
})

const opensWithoutDownload = (
  type: AccessFacets["fileType"],
  allowed: AccessFacets["blockDownloadFileTypes"],
): boolean => {
  const preview = previewOf(type)
  return (
    preview === "server-rendered" ||
    (preview === "web-previewable" && allowed === "WebPreviewableFiles")
  )
}

/** Gate 9 of SPO-301: the site's own rule about leaving the browser. */
export const downloadPolicy = accessGate({
  name: "block-download-policy",
  facts: ["SPO-142", "SPO-215"],
  reads: ["downloadPolicy", "action", "isBrowser"],
  check: ({ downloadPolicy: policy, action, isBrowser }) => {
    if (policy === "off") return pass("The site lets files leave the browser.", { policy })
    if (policy === "exempt")
      return pass("The person is exempt from the download policy.", { policy })
    const refused = {
      code: "accessDenied",
      message:
        "Your organization doesn't allow you to download, print, or sync from this site. For help contact your IT department.",
    }
    if (action === "download" || action === "print" || !isBrowser) {
      return deny("Files of this site stay in the browser.", { policy, action }, refused)
    }
    return action === "edit" && policy === "browser-only-read"
      ? deny("Files of this site can only be read in the browser.", { policy, action }, refused)
      : pass("In the browser this is allowed.", { policy, action })
  },
})
