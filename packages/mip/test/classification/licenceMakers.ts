import { by, digits, type Maker } from "./numberMaker.ts"

/** Country, word of the country, shape: a `d` stands for a digit. */
const shapes = [
  ["Austria", "führerschein", "dddddddd"],
  ["Belgium", "rijbewijs", "dddddddddd"],
  ["Bulgaria", "шофьорска книжка", "ddddddddd"],
  ["Croatia", "vozačka dozvola", "dddddddd"],
  ["Cyprus", "άδεια οδήγησης", "dddddddddddd"],
  ["Czech", "řidičský průkaz", "EAdddddd"],
  ["Denmark", "kørekort", "dddddddd"],
  ["Estonia", "juhiluba", "ETdddddd"],
  ["Finland", "ajokortti", "dddddd-dddd"],
  ["France", "permis de conduire", "dddddddddddd"],
  ["Greece", "δίπλωμα οδήγησης", "ddddddddd"],
  ["Hungary", "vezetői engedély", "ABdddddd"],
  ["Ireland", "ceadúnas tiomána", "ddddddABCX"],
  ["Italy", "patente di guida", "UAdddddddK"],
  ["Latvia", "vadītāja apliecība", "ABCdddddd"],
  ["Lithuania", "vairuotojo pažymėjimas", "dddddddd"],
  ["Luxemburg", "fahrerlaubnis", "dddddd"],
  ["Malta", "liċenzja tas-sewqan", "AB ddd ddd"],
  ["Netherlands", "rijbewijs", "dddddddddd"],
  ["Poland", "prawo jazdy", "ddddd/dd/ddddddd"],
  ["Portugal", "carta de condução", "AB-ddddd d"],
  ["Romania", "permis de conducere", "Adddddddd"],
  ["Slovakia", "vodičský preukaz", "Addddddd"],
  ["Slovenia", "vozniško dovoljenje", "ddddddddd"],
  ["Sweden", "körkort", "dddddd-dddd"],
] as const

/** One digit too few is no such number. */
const shorter = (value: string): string => value.replace(/\d/, "")

/** Driving licences: the word decides, and what is spoilt is the shape. */
export const licenceMakers: readonly Maker[] = [
  ...shapes.map(([country, keyword, shape]) =>
    by(
      `${country} Driver's License Number`,
      keyword,
      (draw, i) => {
        const drawn = Array.from(digits(draw, i, shape.length))
        return shape.replaceAll("d", () => drawn.shift() ?? "0")
      },
      { hasChecksum: false, spoil: shorter },
    ),
  ),
  by(
    "U.S. Driver's License Number",
    "New York driver license",
    (draw, i) => (digits(draw, i, 9).match(/.{3}/g) ?? []).join(" "),
    { hasChecksum: false, spoil: shorter },
  ),
]
