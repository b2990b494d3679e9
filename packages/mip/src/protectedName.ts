import { formatOf } from "./ContentFormat.ts"

/** What readers of the protected file can count on (MIP-255). */
export type FormatEnforcement = "native" | "read-only" | "authorisation-only"

/** Extensions that become another when a viewer's format is protected (MIP-255). */
const nativeExtensions: Readonly<Record<string, string>> = {
  txt: "ptxt",
  xml: "pxml",
  jpg: "pjpg",
  jpeg: "pjpeg",
  png: "ppng",
  tif: "ptif",
  tiff: "ptiff",
  bmp: "pbmp",
  gif: "pgif",
}

const extensionOf = (name: string): string => /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? ""

/**
 * The name of a file once it is protected: Office and PDF keep theirs, text and pictures get the
 * extension of the viewer, everything else `.pfile` (MIP-255). A name that is protected already stays.
 */
export const protectedName = (name: string): string => {
  const extension = extensionOf(name)
  const isDone = extension === "pfile" || Object.values(nativeExtensions).includes(extension)
  switch (formatOf(name)) {
    case "office":
    case "office-97":
    case "pdf":
      return name
    case "native": {
      if (isDone) return name
      const viewed = Object.hasOwn(nativeExtensions, extension) ? nativeExtensions[extension] : ""
      return `${name.slice(0, -extension.length)}${viewed}`
    }
    default:
      return isDone ? name : `${name}.pfile`
  }
}

/** How much the software enforces for a file of this name (MIP-255). */
export const enforcementOfFormat = (name: string): FormatEnforcement => {
  switch (formatOf(name)) {
    case "office":
    case "office-97":
    case "pdf":
      return "native"
    case "native":
      return "read-only"
    default:
      return "authorisation-only"
  }
}
