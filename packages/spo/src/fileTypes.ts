import { extensionOf } from "./DriveItem.ts"

const set = (text: string): ReadonlySet<string> => new Set(text.split(" "))

/** Word, Excel and PowerPoint Open XML with their macro and template relatives (SPO-152). */
const labelled = set("docx docm dotx dotm xlsx xlsm xlsb xltx xltm pptx pptm ppsx ppsm potx potm")
/** Formats of 1997 to 2003: Office all the same, but no labels (SPO-152). */
const legacyOffice = set("doc dot xls xlt ppt pps pot")
const video = set("mp4 mov avi mkv webm")
const oneNote = set("one onetoc2")
const text = set("txt csv md json xml html htm log")
const image = set("png jpg jpeg gif bmp tiff svg heic")

/** What a file is, as far as the rules tell file types apart. */
export type FileType =
  | "office"
  | "legacy-office"
  | "pdf"
  | "onenote"
  | "video"
  | "text"
  | "image"
  | "other"

export const fileTypeOf = (name: string): FileType => {
  const extension = extensionOf(name)
  if (labelled.has(extension)) return "office"
  if (legacyOffice.has(extension)) return "legacy-office"
  if (extension === "pdf") return "pdf"
  if (oneNote.has(extension)) return "onenote"
  if (video.has(extension)) return "video"
  if (text.has(extension)) return "text"
  return image.has(extension) ? "image" : "other"
}

/** Office files are rendered by the server, others at most shown by the browser (SPO-026). */
export const previewOf = (type: FileType): "server-rendered" | "web-previewable" | "none" => {
  switch (type) {
    case "office":
    case "legacy-office":
    case "onenote":
      return "server-rendered"
    case "pdf":
    case "video":
    case "text":
    case "image":
      return "web-previewable"
    case "other":
      return "none"
  }
}

/** Types that data loss prevention and search can read when nothing encrypts them (SPO-194). */
export const isReadable = (type: FileType): boolean =>
  type === "office" || type === "legacy-office" || type === "pdf" || type === "text"
