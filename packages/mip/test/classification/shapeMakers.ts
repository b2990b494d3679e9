import { by, dayOf, digits, type Maker, two } from "./numberMaker.ts"

/** Without a checksum the keyword decides, and what is spoilt is the shape. */
export const shapeMakers: readonly Maker[] = [
  by(
    "U.S. Social Security Number (SSN)",
    "social security number",
    (draw, i) =>
      `${two(10 + (i % 80))}${1 + (i % 9)}-${two(1 + (i % 98))}-${1 + (i % 9)}${digits(draw, i, 3)}`,
    { hasChecksum: false, spoil: (value) => `${value.slice(0, 4)}00${value.slice(6)}` },
  ),
  by(
    "U.S. Individual Taxpayer Identification Number (ITIN)",
    "individual taxpayer",
    (draw, i) => `9${digits(draw, i, 2)}-7${i % 10}-${digits(draw, i, 4, "tail")}`,
    { hasChecksum: false, spoil: (value) => `8${value.slice(1)}` },
  ),
  by("U.S. / U.K. Passport Number", "passport number", (draw, i) => `5${digits(draw, i, 8)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(1),
  }),
  by(
    "U.K. National Insurance Number (NINO)",
    "national insurance",
    (draw, i) =>
      `AB ${digits(draw, i, 2)} ${digits(draw, i, 2, "b")} ${digits(draw, i, 2, "c")} ${"ABCD"[i % 4]}`,
    { hasChecksum: false, spoil: (value) => value.replace("AB", "BG") },
  ),
  by(
    "U.K. Driver's License Number",
    "driving licence",
    (draw, i) => `MORGA6${two(1 + (i % 12))}${dayOf(draw, i)}${i % 10}SM9IJ`,
    { hasChecksum: false, spoil: (value) => value.replace("MORGA6", "MORGA699") },
  ),
  by(
    "SWIFT Code",
    "swift code",
    (_draw, i) =>
      `${["DEUT", "BARC", "CHAS", "BNPA"][i % 4]}${["DE", "GB", "US", "FR"][i % 4]}${["FF", "22", "33", "PP"][i % 4]}`,
    { hasChecksum: false, spoil: (value) => `${value.slice(0, 4)}QQ${value.slice(6)}` },
  ),
  by("U.S. Bank Account Number", "checking account number", (draw, i) => `7${digits(draw, i, 9)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(0, 5),
  }),
  by("IP Address", "ip address", (_draw, i) => `203.0.113.${1 + (i % 250)}`, {
    hasChecksum: false,
    spoil: (value) => value.replace("203", "303"),
  }),
  by(
    "Azure Storage Account Key",
    "connection string",
    (draw, i) =>
      `DefaultEndpointsProtocol=https;AccountName=files${i};AccountKey=${draw.token(`key ${i}`, 86).replaceAll("-", "A").replaceAll("_", "B")}==`,
    { hasChecksum: false, isSureAlone: true, spoil: (value) => value.replace("AccountKey", "Key") },
  ),
  by("Germany Identity Card Number", "personalausweis", (draw, i) => `L22N${digits(draw, i, 5)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(1),
  }),
  by(
    "Germany Passport Number",
    "reisepass",
    (draw, i) => `C01X${digits(draw, i, 2)}${"CFGHJK"[i % 6]}${digits(draw, i, 3, "tail")}`,
    { hasChecksum: false, spoil: (value) => value.slice(1) },
  ),
  by("France Passport Number", "passeport", (draw, i) => `1${i % 10}AF${digits(draw, i, 5)}`, {
    hasChecksum: false,
    spoil: (value) => value.slice(1),
  }),
  by(
    "France National ID Card (CNI)",
    "carte nationale d'identité",
    (draw, i) => `88${digits(draw, i, 10)}`,
    { hasChecksum: false, spoil: (value) => value.slice(1) },
  ),
  by(
    "India Permanent Account Number (PAN)",
    "permanent account number",
    (draw, i) => `ABCP${"KLMN"[i % 4]}${digits(draw, i, 4)}Z`,
    { hasChecksum: false, spoil: (value) => value.slice(1) },
  ),
]
