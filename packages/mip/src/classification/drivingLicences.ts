import { aloneAnyCase, builtIn, words } from "./builtInType.ts"
import type { Element, Evidence, SensitiveInformationType } from "./SensitiveInformationType.ts"

/** Ways of writing the English words, with and without a space. */
const licenceWords: Evidence = ["driver", "drivers", "driver's", "driving"]
  .flatMap((first) =>
    ["lic", "lics", "license", "licenses", "licence", "licences", "permit"].flatMap((second) => [
      `${first} ${second}`,
      `${first}${second}`,
    ]),
  )
  .concat(words("dlno, dlno#, driver id"))

const licence = (pattern: string, own: Evidence): Element => ({
  pattern: aloneAnyCase(pattern),
  levels: [{ confidence: 75, any: [{ of: [licenceWords, own], min: 1 }] }],
})

/** GUID, name, patterns, and the words of the country itself. */
const national: readonly (readonly [
  id: string,
  country: string,
  patterns: readonly string[],
  own: string,
])[] = [
  [
    "682f18ce-44eb-482b-8198-2bcb96a0761e",
    "Austria",
    [String.raw`\d{8}`],
    "führerschein, fuhrerschein, fuehrerschein, führerscheinnummer, führerschein republik österreich",
  ],
  [
    "d89fd329-9324-433c-b687-2c37bd5166f3",
    "Belgium",
    [String.raw`\d{10}`],
    "rijbewijs, rijbewijsnummer, permis de conduire, führerschein, führerscheinnummer",
  ],
  [
    "66d39258-94c2-43b2-804b-aa312258e54b",
    "Bulgaria",
    [String.raw`\d{9}`],
    "свидетелство за управление на мпс, свидетелство за управление, шофьорска книжка",
  ],
  [
    "005b3ef1-47dd-4e68-bb02-c6db484d00f2",
    "Croatia",
    [String.raw`\d{8}`],
    "vozačka dozvola, vozačke dozvole, vozacka dozvola",
  ],
  [
    "356fa104-f9ac-4aff-a0e4-2e6e65ea06c4",
    "Cyprus",
    [String.raw`\d{12}`],
    "άδεια οδήγησης, αριθμό άδειας οδήγησης, άδειες οδήγησης",
  ],
  [
    "86b40d3b-d8ea-4c36-aab0-ef9416a6769c",
    "Czech",
    [String.raw`E[A-Z] ?\d{6}`],
    "řidičský průkaz, číslo řidičského průkazu, ridicsky prukaz, řidičské číslo",
  ],
  [
    "98a95812-6203-451a-a220-d39870ebef0e",
    "Denmark",
    [String.raw`\d{8}`],
    "kørekort, kørekortnummer, korekort",
  ],
  [
    "51da8171-da70-4cc1-9d65-055a59ca4f83",
    "Estonia",
    [String.raw`ET\d{6}`],
    "juhiluba, juhiload, juhiloa number, permis de conduire",
  ],
  [
    "bb3b27a3-79bd-4ac4-81a7-f9fca3c7d1a7",
    "Finland",
    [String.raw`\d{6}-\d{3}[0-9A-Z]`],
    "ajokortti, ajokortin numero, ajokortit, körkort",
  ],
  [
    "18e55a36-a01b-4b0f-943d-dc10282a1824",
    "France",
    [String.raw`\d{12}`],
    "permis de conduire, numéro permis, numéro de permis de conduire, numéros de permis",
  ],
  [
    "7a2200b5-aacf-4e3c-ab36-136d3e68b7da",
    "Greece",
    [String.raw`\d{9}`],
    "δεια οδήγησης, adeia odigisis, άδεια οδήγησης, δίπλωμα οδήγησης",
  ],
  [
    "9d31c46b-6e6b-444c-aeb1-6dd7e604bb24",
    "Hungary",
    [String.raw`[A-Z]{2}\d{6}`],
    "vezetoi engedely, vezetői engedély, vezetői engedélyek, jogosítvány",
  ],
  [
    "e01bccd9-eb4d-414f-ace1-e9b6a4c4a2ca",
    "Ireland",
    [String.raw`\d{6}[A-Z]{4}`],
    "ceadúnas tiomána, ceadúnais tiomána",
  ],
  [
    "97d6244f-9157-41bd-8e0c-9d669a5c4d71",
    "Italy",
    [String.raw`[A-Z][AV]\d{7}[A-Z]`],
    "numero di patente, patente di guida, patente guida, patenti di guida",
  ],
  [
    "ec996de0-30f2-46b1-b192-4d2ff8805fa7",
    "Latvia",
    [String.raw`[A-Z]{3}\d{6}`],
    "autovadītāja apliecība, autovadītāja apliecības, vadītāja apliecība",
  ],
  [
    "86f7628b-e0f4-4dc3-9fbc-e4300e4c7d78",
    "Lithuania",
    [String.raw`\d{8}`],
    "vairuotojo pažymėjimas, vairuotojo pažymėjimo numeris, vairuotojo pažymėjimai",
  ],
  [
    "89daf717-1544-4860-9a2e-fc9166dd8852",
    "Luxemburg",
    [String.raw`\d{6}`],
    "fahrerlaubnis, führerschäin, permis de conduire, führerschein",
  ],
  [
    "a3bdaa4a-8371-4735-8fa5-56ee0fb4afc4",
    "Malta",
    [String.raw`[A-Z0-9]{2} ?\d{3} ?\d{3}`],
    "liċenzja tas-sewqan, liċenzji tas-sewwieq",
  ],
  [
    "6247fbea-ab80-4be5-8233-308b7c031401",
    "Netherlands",
    [String.raw`\d{10}`],
    "rijbewijs, rijbewijsnummer, rijbewijzen",
  ],
  [
    "24d51f99-ee9e-4060-a077-cae58cab1ee4",
    "Poland",
    [String.raw`\d{5}/\d{2}/\d{7}`],
    "prawo jazdy, numer prawa jazdy, zezwolenie na prowadzenie, numer licencyjny",
  ],
  [
    "977f1e5a-2c33-4bcc-b516-95bb275cff23",
    "Portugal",
    [String.raw`[A-Z]{2}-\d{5,6} \d`, String.raw`[A-Z]-(?:\d{6}|\d{8}) \d`],
    "carteira de motorista, carteira motorista, carta de condução, licença de condução",
  ],
  [
    "b5511ace-2fd8-4ae4-b6fc-c7c6e4689e3c",
    "Romania",
    [String.raw`[A-Z0-9]\d{8}`],
    "permis de conducere, permisului de conducere, numărul permisului de conducere",
  ],
  [
    "14240c22-b6de-4ce5-a90b-137f74252513",
    "Slovakia",
    [String.raw`[A-Z0-9]\d{7}`],
    "vodičský preukaz, číslo vodičského preukazu, vodičské preukazy",
  ],
  [
    "d5bc089a-f2ee-433d-a6b1-5c253051d6f2",
    "Slovenia",
    [String.raw`\d{9}`],
    "vozniško dovoljenje, številka vozniškega dovoljenja, vozniška številka",
  ],
  [
    "70088720-90dd-47f5-805e-5525f3567391",
    "Sweden",
    [String.raw`\d{6}-\d{4}`],
    "körkort, körkortsnummer, körkort nummer, ajokortti",
  ],
]

const usWords: Evidence = [
  ...licenceWords,
  ...words("identification number, identification numbers, identification card, id card, id cards"),
]
const usShort: Evidence = words("dl, dls, cdl, cdls, id, ids, dl#, cdl#, id#, lic, lic#, dln")
const newYork: Evidence = words("new york, ny")

/**
 * Numbers on driving licences whose shape Microsoft's pages describe. Of the United States that is New
 * York alone: the pages say of the other states only that the number depends on the state.
 */
export const drivingLicences: readonly SensitiveInformationType[] = [
  ...national.map(([id, country, patterns, own]) =>
    builtIn(
      id,
      `${country} Driver's License Number`,
      patterns.map((it) => licence(it, words(own))),
      75,
    ),
  ),
  builtIn(
    "dfeb356f-61cd-459e-bf0f-7c6d28b458c6",
    "U.S. Driver's License Number",
    [
      {
        pattern: aloneAnyCase(String.raw`\d{3} \d{3} \d{3}`),
        levels: [
          { confidence: 75, evidence: [newYork, usWords] },
          { confidence: 65, evidence: [newYork, usShort] },
        ],
      },
    ],
    75,
  ),
]
