import { deny, gate, pass, unknown } from "@twin/kernel"
import { previewOf } from "../fileTypes.ts"
import type { AccessFacets } from "./AccessFacets.ts"

const accessGate = gate<AccessFacets>()

/** Gate 6 of SPO-301: where the request comes from. It binds everybody, admins and guests too. */
export const networkLocation = accessGate({
  name: "network-location",
  facts: ["SPO-217", "SPO-301"],
  reads: ["network"],
  check: ({ network }) => {
    switch (network) {
      case "not-enforced":
        return pass("The tenant does not limit networks.")
      case "inside":
        return pass("The request comes from an allowed network.")
      case "outside":
        return deny(
          "The request comes from outside the allowed networks.",
          { network },
          {
            code: "accessRestricted",
            message:
              "Access is restricted. You can't access this from your current network location.",
          },
        )
    }
  },
})

/** Whether limited access opens a file, by how the browser shows it. */
const opensLimited = (
  preview: ReturnType<typeof previewOf>,
  limited: AccessFacets["limitedFiles"],
): boolean =>
  preview === "server-rendered" ||
  (preview === "web-previewable" && limited !== "OfficeOnlineFilesOnly")

/** Gate 6 of SPO-301: unmanaged devices. Anyone links are outside of it (SPO-043). */
export const devicePolicy = accessGate({
  name: "device-policy",
  facts: ["SPO-043", "SPO-136", "SPO-210", "SPO-211", "SPO-212", "SPO-213", "SPO-214"],
  reads: [
    "action",
    "route",
    "person",
    "device",
    "isBrowser",
    "deviceAccess",
    "isDeviceAccessEnforced",
    "bindsAdHoc",
    "isLimitedEditingOn",
    "fileType",
    "limitedFiles",
  ],
  check: (it) => {
    const { deviceAccess, device } = it
    if (deviceAccess === "AllowFullAccess") return pass("Unmanaged devices are not limited.")
    if (device === "managed") return pass("The device is managed.", { deviceAccess })
    if (it.route === "anonymous-link") {
      return pass("Device limits do not reach holders of Anyone links.", { deviceAccess })
    }
    if (it.person === "ad-hoc" && !it.bindsAdHoc) {
      return pass("People who come with a code are exempt from device limits.", { deviceAccess })
    }
    if (it.person !== "ad-hoc" && !it.isDeviceAccessEnforced) {
      return pass("No Conditional Access policy enforces the device limit, so it has no effect.", {
        deviceAccess,
      })
    }
    const block = {
      code: "accessRestricted",
      message:
        "Due to organizational policies, you can't access this resource from this untrusted device.",
    }
    if (deviceAccess === "BlockAccess") {
      return deny("Unmanaged devices are kept out.", { deviceAccess, device }, block)
    }
    if (!it.isBrowser) {
      return deny(
        "On an unmanaged device only the browser is allowed.",
        { deviceAccess, device },
        block,
      )
    }
    const details = { deviceAccess, device, limitedFiles: it.limitedFiles }
    const preview = previewOf(it.fileType)
    if (preview === "none" && it.limitedFiles === "OtherFiles" && it.action === "download") {
      return pass("What the browser cannot show may be downloaded here.", details)
    }
    if (it.action === "download" || it.action === "print") {
      return deny("On an unmanaged device nothing is downloaded or printed.", details, block)
    }
    if (!opensLimited(preview, it.limitedFiles)) {
      return deny("On an unmanaged device this type of file does not open.", details, block)
    }
    return it.action === "edit" && !it.isLimitedEditingOn
      ? deny("On an unmanaged device editing is switched off.", { deviceAccess, device }, block)
      : pass("In the browser of an unmanaged device this is allowed.", { deviceAccess, device })
  },
})

/** Gate 6 of SPO-301: a stronger sign-in for this site. The directory of the twin knows no contexts. */
export const authenticationContext = accessGate({
  name: "authentication-context",
  facts: ["SPO-137", "SPO-210"],
  reads: ["authenticationContext", "route"],
  check: ({ authenticationContext: context, route }) =>
    context === "" || route === "anonymous-link"
      ? pass("The site asks for no authentication context.")
      : unknown("The site asks for an authentication context, which the twin does not model.", {
          context,
        }),
})

/** Gate 6 of SPO-301: a site that only some groups reach, whatever else was granted. */
export const restrictedAccess = accessGate({
  name: "restricted-access-control",
  facts: ["SPO-216"],
  reads: ["restrictedAccess"],
  check: ({ restrictedAccess: state }) => {
    switch (state) {
      case "off":
        return pass("The site is not restricted to groups.")
      case "inside":
        return pass("The person belongs to a group that reaches the site.")
      case "outside":
        return deny(
          "Only members of certain groups reach this site, whatever else was granted.",
          {},
          {
            code: "accessDenied",
            message: "Access to this site is restricted by your organization's policy.",
          },
        )
    }
  },
})

/** Gate 6 of SPO-301: segments of people are not modelled, membership of the group is. */
export const informationBarriers = accessGate({
  name: "information-barriers",
  facts: ["SPO-218"],
  reads: ["barriers", "route"],
  check: ({ barriers, route }) => {
    if (barriers === "off" || barriers === "open") {
      return pass("Information barriers do not bind this site.", { barriers })
    }
    if (route === "anonymous-link" || route === "organization-link") {
      return deny("Information barriers switch Anyone and organization links off here.", {
        barriers,
      })
    }
    switch (barriers) {
      case "group-member":
        return pass("The person is a member of the connected group.", { barriers })
      case "not-in-group":
        return deny("Information barriers admit members of the connected group only.", { barriers })
      case "segments":
        return unknown("Information barriers compare segments, which the twin does not model.", {
          barriers,
        })
    }
  },
})

/** Gate 7 of SPO-301: the end of a guest's stay on this site. Membership of a group goes on. */
export const guestExpiration = accessGate({
  name: "guest-expiration",
  facts: ["SPO-090", "SPO-091", "SPO-092"],
  reads: ["person", "stay", "route"],
  check: ({ person, stay, route }) => {
    if (person === "member" || person === "anonymous") {
      return pass("Only guests have a date on which access ends.")
    }
    if (route === "group" || route === "anonymous-link") {
      return pass("Access through a group does not depend on the stay on this site.", { route })
    }
    if (route === "site-admin") return pass("A site admin is exempt while being one.", { route })
    switch (stay) {
      case "none":
      case "current":
        return pass("The guest's access to this site has not ended.", { stay })
      case "expired":
        return deny("The guest's access to this site has expired.", { stay }, expired)
      case "removed":
        return deny("The guest was removed from this site.", { stay }, expired)
    }
  },
})

const expired = { code: "accessDenied", message: "You need permission to access this item." }
