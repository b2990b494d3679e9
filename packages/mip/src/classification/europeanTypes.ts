import {
  alone,
  aloneAnyCase,
  anyDate,
  builtIn,
  element,
  passport,
  passportDates,
  words,
} from "./builtInType.ts"
import {
  austrianInsurance,
  belgianNumber,
  bsn,
  danishNumber,
  dni,
  finnishNumber,
  germanLicence,
  germanTaxNumber,
  icao,
  inseeNumber,
  iso7064Mod11Ten,
  norwegianNumber,
  pesel,
  spanishSocialSecurity,
  swedishNumber,
} from "./checksums.ts"
import type { Evidence, SensitiveInformationType } from "./SensitiveInformationType.ts"

const day = String.raw`(?:0[1-9]|[12]\d|3[01])`
const month = String.raw`(?:0[1-9]|1[0-2])`

const germanPassport: Evidence = words(
  "reisepass, reisepassnummer, reisepass-nr, reisepässe, passport, passport number",
  "passport no, passnummer, pass-nr, no-reisepass, nr-reisepass",
)
const germanCard: Evidence = words(
  "ausweis, personalausweis, ausweisnummer, ausweis-nr, identity card, id card",
  "identification card, gpid, identitätskarte, kennkarte, personalausweisnummer",
)
const germanDriving: Evidence = words(
  "führerschein, fuhrerschein, fuehrerschein, führerscheinnummer, führerschein-nr",
  "fahrerlaubnis, fahrerlaubnisnummer, driving licence, driver's license, dlno, dl#",
)
const germanTax: Evidence = words(
  "identifikationsnummer, steuer id, steueridentifikationsnummer, steuernummer, idnr",
  "steuer-id, tax id, tax identification number, tax number, tin, zinn",
)
const french: Evidence = words(
  "insee, securité sociale, sécurité sociale, numéro de sécurité sociale, nir, code sécu",
  "social security number, numéro d'assurance, assurance maladie",
  "le code de la sécurité sociale",
)
const frenchCard: Evidence = words(
  "carte nationale d'identité, carte d'identité, numéro de carte d'identité, cni",
  "social security number, personal identification number, identity card, numéro cni",
)
const frenchPassport: Evidence = words(
  "passeport, numéro de passeport, passeport n°, passeport no, passport, n° passeport",
  "passeport #, passport number",
)
const dutch: Evidence = words(
  "bsn, bsn#, burgerservicenummer, citizen service number, sofinummer",
  "persoonsgebonden nummer, persoonsnummer, sofi nummer, national identification number",
)
const belgian: Evidence = words(
  "rijksregisternummer, numéro national, numéro de registre national, registre national",
  "identification number, national number, national register number, insz, niss",
  "identifikationsnummer, rijksregister, bnn, nrn, id number",
)
const polish: Evidence = words(
  "pesel, dowód osobisty, dowod osobisty, niepowtarzalny numer, numer identyfikacyjny",
  "nr pesel, tożsamości narodowej, national id, powszechny elektroniczny system",
)
const swedish: Evidence = words(
  "personnummer, personnr, id-kort, skatteverket, folkbokföring, personligt id",
  "identification number, personal id, id no, identifikationsnumret",
)
const finnish: Evidence = words(
  "henkilötunnus, henkilotunnus, hetu, sosiaaliturvatunnus, personbeteckning",
  "henkilökortti, ainutlaatuinen henkilökohtainen tunnus, identity number, personal id",
)
const norwegian: Evidence = words(
  "fødselsnummer, personnummer, personlig kode, national identity number, skattenummer",
  "person id, fodselsnummer",
)
const danish: Evidence = words(
  "cpr, cpr nummer, cpr-nummer, personnummer, personidentifikationsnummer, cprno",
  "national identifikationsnummer, sundhedskort, sygesikringskort, id nummer",
)
const spanishSecurity: Evidence = words(
  "seguridad social, número de la seguridad social, número de seguridad social, ssn",
  "social security no, social security number, nuss, naf, ssn#",
)
const spanish: Evidence = words(
  "dni, dninúmero, nie, nienúmero, documento nacional de identidad, carné de identidad",
  "identidad número, número de identificación, identity number",
)
const croatian: Evidence = words(
  "osobni identifikacijski broj, oib, oibs, osobna iskaznica, identity number",
  "majstorska kartica, matični broj, porezni broj, national identification number",
)
const austrian: Evidence = words(
  "sozialversicherungsnummer, sozialversicherungsnr, sv-nummer, versicherungsnummer",
  "austrian ssn, ehic, insurance number, soziale sicherheit, svnr, ssn#",
)

const germanPassportNumber = aloneAnyCase(String.raw`[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}\d`)

const austrianTelephone: Evidence = words(
  "telefon, telefonnummer, tel, mobil, mobiltelefon, handy, handynummer, fax, phone",
)

/** Numbers of the European Union and its neighbours. */
export const europeanTypes: readonly SensitiveInformationType[] = [
  builtIn(
    "2e3da144-d42b-47ed-b123-fbf78604e52c",
    "Germany Passport Number",
    [
      element(germanPassportNumber, { keywords: germanPassport }, icao),
      element(germanPassportNumber, { keywords: germanPassport, with: 75 }),
    ],
    75,
  ),
  builtIn(
    "e577372f-c42e-47a0-9d85-bebed1c237d4",
    "Germany Identity Card Number",
    [
      element(aloneAnyCase(String.raw`[LMNPRTVWXY][CFGHJKLMNPRTVWXYZ0-9]{8}`), {
        keywords: germanCard,
        with: 65,
      }),
      element(alone(String.raw`\d{10}`), { keywords: germanCard, with: 65 }),
    ],
    65,
  ),
  builtIn(
    "91da9335-1edb-45b7-a95f-5fe41a16c63c",
    "Germany Driver's License Number",
    [
      element(
        aloneAnyCase(String.raw`[A-Z0-9]\d\d[A-Z0-9]{6}\d[A-Z0-9]`),
        { keywords: germanDriving, with: 75 },
        germanLicence,
      ),
    ],
    75,
  ),
  builtIn("43316a89-9880-40cf-b980-04bc7eefcec5", "Germany Tax Identification Number", [
    element(
      alone(String.raw`[1-9]\d[ /]?\d{3}[ /]?\d{3}[ /]?\d{3}`),
      { keywords: germanTax, without: 75 },
      germanTaxNumber,
    ),
  ]),
  builtIn(
    "71f62b97-efe0-4aa1-aa49-e14de253619d",
    "France Social Security Number (INSEE)",
    [
      element(
        alone(
          String.raw`[1-478][ ]?\d\d[ ]?(?:0[1-9]|1[0-2]|[2-9]\d)[ ]?(?:\d\d|2[AB])[ ]?\d{3}[ ]?\d{3}[ ]?\d\d`,
        ),
        { keywords: french, without: 75 },
        inseeNumber,
      ),
    ],
    75,
  ),
  builtIn(
    "f741ac74-1bc0-4665-b69b-f0c7f927c0c4",
    "France National ID Card (CNI)",
    [element(alone(String.raw`\d{12}`), { keywords: frenchCard, with: 65 })],
    65,
  ),
  builtIn(
    "3008b884-8c8c-4cd8-a289-99f34fc7ff5d",
    "France Passport Number",
    [passport(aloneAnyCase(String.raw`\d\d[A-Z]{2}\d{5}`), frenchPassport, anyDate, passportDates)],
    75,
  ),
  builtIn("c5f54253-ef7e-44f6-a578-440ed67e946d", "Netherlands Citizen's Service (BSN) Number", [
    element(alone(String.raw`\d{3} ?\d{3} ?\d{2,3}`), { keywords: dutch }, bsn),
  ]),
  builtIn(
    "fb969c9e-0fd1-4b18-8091-a2123c5e6a54",
    "Belgium National Number",
    [
      element(
        alone(String.raw`\d\d[.]?[0-5]\d[.]?[0-3]\d[-. ]?\d{3}[-. ]?\d\d`),
        { keywords: belgian, with: 75, without: 65 },
        belgianNumber,
      ),
    ],
    75,
  ),
  builtIn("e3aaf206-4297-412f-9e06-ba8487e22456", "Poland National ID (PESEL)", [
    element(
      alone(String.raw`\d\d(?:[02468][1-9]|[13579][0-2])${day}\d{5}`),
      { keywords: polish, without: 75 },
      pesel,
    ),
  ]),
  builtIn("f69aaf40-79be-4fac-8f05-fd1910d272c8", "Sweden National ID", [
    element(
      alone(String.raw`(?:19|20)?\d\d${month}(?:${day}|[6-8]\d|9[01])[-+]?\d{4}`),
      { keywords: swedish, without: 75 },
      swedishNumber,
    ),
  ]),
  builtIn("338fd995-4cb5-4f87-ad35-79bd1dd926c1", "Finland National ID", [
    element(
      aloneAnyCase(String.raw`${day}${month}\d\d[A+-]\d{3}[0-9A-FHJK-NPR-Y]`),
      { keywords: finnish, without: 75 },
      // The sign of the century is a separator or a letter.
      (value) =>
        finnishNumber(value.length === 10 ? `${value.slice(0, 6)}-${value.slice(6)}` : value),
    ),
  ]),
  builtIn("d4c8a798-e9f2-4bd3-9652-500d24080fc3", "Norway Identification Number", [
    element(
      alone(String.raw`${day}${month}\d\d ?\d{5}`),
      { keywords: norwegian, without: 75 },
      norwegianNumber,
    ),
  ]),
  builtIn(
    "6c4f2fef-56e1-4c00-8093-88d7a01cf460",
    "Denmark Personal Identification Number",
    [
      element(
        alone(String.raw`${day}${month}\d\d[- ]?\d{4}`),
        { keywords: danish, with: 75, without: 65 },
        danishNumber,
      ),
    ],
    75,
  ),
  builtIn("5df987c0-8eae-4bce-ace7-b316347f3070", "Spain Social Security Number (SSN)", [
    element(
      alone(String.raw`\d\d[/ ]?\d{7,8}[/ ]?\d\d`),
      { keywords: spanishSecurity, without: 75 },
      (value) =>
        spanishSocialSecurity(
          value.length === 11 ? `${value.slice(0, 2)}0${value.slice(2)}` : value,
        ),
    ),
  ]),
  builtIn("8e6251b9-47b4-40e8-a42b-0f80876be192", "Spain DNI", [
    element(
      aloneAnyCase(String.raw`(?:\d{8}|[XYZ]\d{7})[ -]?[A-Z]`),
      { keywords: spanish, without: 75 },
      dni,
    ),
  ]),
  builtIn("31983b6d-db95-4eb2-a630-b44bd091968d", "Croatia Personal Identification (OIB) Number", [
    element(alone(String.raw`(?:HR)?\d{11}`), { keywords: croatian, without: 75 }, (value) =>
      iso7064Mod11Ten(value.replace("HR", "")),
    ),
  ]),
  builtIn("6896a906-86c9-4d19-a2da-6e43ccd19b7b", "Austria Social Security Number", [
    {
      pattern: alone(String.raw`[1-9]\d{3} ?${day}${month}\d\d`),
      checksum: austrianInsurance,
      levels: [
        { confidence: 85, evidence: [austrian] },
        // Without a keyword it may just as well be a telephone number.
        { confidence: 75, any: [{ of: [austrianTelephone], min: 0, max: 0 }] },
      ],
    },
  ]),
]
