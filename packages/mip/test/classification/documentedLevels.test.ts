import { assert, describe, it } from "@effect/vitest"
import { builtInTypeOf, builtInTypes, findSensitiveInformation } from "../../src/index.ts"

/**
 * GUID, name, recommended confidence and levels, from Microsoft's page of entity definitions (2021-07);
 * every one there has a proximity of 300 characters. The pages of 2022 and 2023, as far as they were at
 * hand (IP address, storage key, Belgium, Denmark, medical account, DEA, SSN, U.S. driver's licence), agree.
 */
const documented: readonly (readonly [string, string, number, readonly number[]])[] = [
  ["cb353f78-2b72-4c3c-8827-92ebe4f69fdf", "ABA Routing Number", 75, [75, 65]],
  ["104a99a0-3d3b-4542-a40d-ab0b9e1efe63", "Australia Medical Account Number", 85, [85]],
  ["e29bc95f-ff70-4a37-aa01-04d17360a4c5", "Australia Tax File Number", 85, [85]],
  ["6896a906-86c9-4d19-a2da-6e43ccd19b7b", "Austria Social Security Number", 85, [85, 75]],
  ["c7bc98e8-551a-4c35-a92d-d2c8cda714a7", "Azure Storage Account Key", 85, [85]],
  ["fb969c9e-0fd1-4b18-8091-a2123c5e6a54", "Belgium National Number", 75, [75, 65]],
  ["78e09124-f2c3-4656-b32a-c1a132cd2711", "Brazil CPF Number", 85, [85, 75]],
  ["9b58b5cd-5e90-4df6-b34f-1ebcc88ceae4", "Brazil Legal Entity Number (CNPJ)", 85, [85, 75]],
  ["a2f29c85-ecb8-4514-a610-364790c0773e", "Canada Social Insurance Number", 75, [85, 75]],
  [
    "c92daa86-2d16-4871-901f-816b3f554fc1",
    "China Resident Identity Card (PRC) Number",
    85,
    [85, 75],
  ],
  ["50842eb7-edc8-4019-85dd-5a5c1f2bb085", "Credit Card Number", 85, [85, 65]],
  [
    "31983b6d-db95-4eb2-a630-b44bd091968d",
    "Croatia Personal Identification (OIB) Number",
    85,
    [85, 75],
  ],
  ["6c4f2fef-56e1-4c00-8093-88d7a01cf460", "Denmark Personal Identification Number", 75, [75, 65]],
  ["9a5445ad-406e-43eb-8bd7-cac17ab6d0e4", "Drug Enforcement Agency (DEA) Number", 85, [85, 75]],
  ["0e9b3178-9678-47dd-a509-37222ca96b42", "EU Debit Card Number", 85, [85]],
  ["338fd995-4cb5-4f87-ad35-79bd1dd926c1", "Finland National ID", 85, [85, 75]],
  ["f741ac74-1bc0-4665-b69b-f0c7f927c0c4", "France National ID Card (CNI)", 65, [65]],
  ["3008b884-8c8c-4cd8-a289-99f34fc7ff5d", "France Passport Number", 75, [85, 75]],
  ["71f62b97-efe0-4aa1-aa49-e14de253619d", "France Social Security Number (INSEE)", 75, [85, 75]],
  ["91da9335-1edb-45b7-a95f-5fe41a16c63c", "Germany Driver's License Number", 75, [75]],
  ["e577372f-c42e-47a0-9d85-bebed1c237d4", "Germany Identity Card Number", 65, [65]],
  ["2e3da144-d42b-47ed-b123-fbf78604e52c", "Germany Passport Number", 75, [85, 75]],
  ["43316a89-9880-40cf-b980-04bc7eefcec5", "Germany Tax Identification Number", 85, [85, 75]],
  ["1daa4ad5-e2dd-4ca4-a788-54722c09efb2", "IP Address", 85, [95, 85]],
  ["2602bfee-9bb0-47a5-a7a6-2bf3053e2804", "India Permanent Account Number (PAN)", 85, [85, 65]],
  [
    "1ca46b29-76f5-4f46-9383-cfa15e91048f",
    "India Unique Identification (Aadhaar) Number",
    85,
    [85, 75],
  ],
  ["e7dc4711-11b7-4cb0-b88b-2c394a771f0e", "International Banking Account Number (IBAN)", 85, [85]],
  ["e05881f5-1db1-418c-89aa-a3ac5c5277ee", "Israel National Identification Number", 75, [75]],
  ["c5f54253-ef7e-44f6-a578-440ed67e946d", "Netherlands Citizen's Service (BSN) Number", 85, [85]],
  ["d4c8a798-e9f2-4bd3-9652-500d24080fc3", "Norway Identification Number", 85, [85, 75]],
  ["e3aaf206-4297-412f-9e06-ba8487e22456", "Poland National ID (PESEL)", 85, [85, 75]],
  ["cb2ab58c-9cb8-4c81-baf8-a4e106791df4", "SWIFT Code", 75, [75]],
  [
    "cead390a-dd83-4856-9751-fb6dc98c34da",
    "Singapore National Registration Identity Card (NRIC) Number",
    75,
    [85, 75],
  ],
  ["e2adf7cb-8ea6-4048-a2ed-d89eb65f2780", "South Africa Identification Number", 85, [85]],
  ["8e6251b9-47b4-40e8-a42b-0f80876be192", "Spain DNI", 85, [85, 75]],
  ["5df987c0-8eae-4bce-ace7-b316347f3070", "Spain Social Security Number (SSN)", 85, [85, 75]],
  ["f69aaf40-79be-4fac-8f05-fd1910d272c8", "Sweden National ID", 85, [85, 75]],
  ["f93de4be-d94c-40df-a8be-461738047551", "U.K. Driver's License Number", 75, [75, 65]],
  ["3192014e-2a16-44e9-aa69-4b20375c9a78", "U.K. National Health Service Number", 85, [85]],
  ["16c07343-c26f-49d2-a987-3daf717e94cc", "U.K. National Insurance Number (NINO)", 75, [85, 75]],
  ["178ec42a-18b4-47cc-85c7-d62c92fd67f8", "U.S. / U.K. Passport Number", 75, [85, 75]],
  ["a2ce32a8-f935-4bb6-8e96-2a5157672e2c", "U.S. Bank Account Number", 75, [75]],
  [
    "e55e2a32-f92d-4985-a35d-a0b269eb687b",
    "U.S. Individual Taxpayer Identification Number (ITIN)",
    75,
    [85, 75, 65],
  ],
  [
    "a44669fe-0d48-453d-a9b1-2cc83f2cba77",
    "U.S. Social Security Number (SSN)",
    75,
    [85, 75, 65, 55],
  ],
  ["682f18ce-44eb-482b-8198-2bcb96a0761e", "Austria Driver's License Number", 75, [75]],
  ["d89fd329-9324-433c-b687-2c37bd5166f3", "Belgium Driver's License Number", 75, [75]],
  ["66d39258-94c2-43b2-804b-aa312258e54b", "Bulgaria Driver's License Number", 75, [75]],
  ["005b3ef1-47dd-4e68-bb02-c6db484d00f2", "Croatia Driver's License Number", 75, [75]],
  ["356fa104-f9ac-4aff-a0e4-2e6e65ea06c4", "Cyprus Driver's License Number", 75, [75]],
  ["86b40d3b-d8ea-4c36-aab0-ef9416a6769c", "Czech Driver's License Number", 75, [75]],
  ["98a95812-6203-451a-a220-d39870ebef0e", "Denmark Driver's License Number", 75, [75]],
  ["51da8171-da70-4cc1-9d65-055a59ca4f83", "Estonia Driver's License Number", 75, [75]],
  ["bb3b27a3-79bd-4ac4-81a7-f9fca3c7d1a7", "Finland Driver's License Number", 75, [75]],
  ["18e55a36-a01b-4b0f-943d-dc10282a1824", "France Driver's License Number", 75, [75]],
  ["7a2200b5-aacf-4e3c-ab36-136d3e68b7da", "Greece Driver's License Number", 75, [75]],
  ["9d31c46b-6e6b-444c-aeb1-6dd7e604bb24", "Hungary Driver's License Number", 75, [75]],
  ["e01bccd9-eb4d-414f-ace1-e9b6a4c4a2ca", "Ireland Driver's License Number", 75, [75]],
  ["97d6244f-9157-41bd-8e0c-9d669a5c4d71", "Italy Driver's License Number", 75, [75]],
  ["ec996de0-30f2-46b1-b192-4d2ff8805fa7", "Latvia Driver's License Number", 75, [75]],
  ["86f7628b-e0f4-4dc3-9fbc-e4300e4c7d78", "Lithuania Driver's License Number", 75, [75]],
  ["89daf717-1544-4860-9a2e-fc9166dd8852", "Luxemburg Driver's License Number", 75, [75]],
  ["a3bdaa4a-8371-4735-8fa5-56ee0fb4afc4", "Malta Driver's License Number", 75, [75]],
  ["6247fbea-ab80-4be5-8233-308b7c031401", "Netherlands Driver's License Number", 75, [75]],
  ["24d51f99-ee9e-4060-a077-cae58cab1ee4", "Poland Driver's License Number", 75, [75]],
  ["977f1e5a-2c33-4bcc-b516-95bb275cff23", "Portugal Driver's License Number", 75, [75]],
  ["b5511ace-2fd8-4ae4-b6fc-c7c6e4689e3c", "Romania Driver's License Number", 75, [75]],
  ["14240c22-b6de-4ce5-a90b-137f74252513", "Slovakia Driver's License Number", 75, [75]],
  ["d5bc089a-f2ee-433d-a6b1-5c253051d6f2", "Slovenia Driver's License Number", 75, [75]],
  ["70088720-90dd-47f5-805e-5525f3567391", "Sweden Driver's License Number", 75, [75]],
  ["dfeb356f-61cd-459e-bf0f-7c6d28b458c6", "U.S. Driver's License Number", 75, [75, 65]],
]

const levelOf = (text: string, name: string): number => {
  const type = builtInTypeOf(name)
  const [found] = type === undefined ? [] : findSensitiveInformation(text, [type])
  return Math.max(0, ...(found?.matches.map(({ confidence }) => confidence) ?? []))
}

describe("built-in types as they are documented", () => {
  it.each(documented)("[MIP-151] %s is %s", (id, name, recommended, levels) => {
    const type = builtInTypeOf(id)
    assert.strictEqual(type?.name, name)
    assert.strictEqual(type?.recommendedConfidence, recommended)
    assert.strictEqual(type?.proximity, 300)
    const own = type?.elements.flatMap((it) => it.levels.map(({ confidence }) => confidence)) ?? []
    assert.deepStrictEqual(
      [...new Set(own)].toSorted((a, b) => b - a),
      levels,
    )
  })

  it("[MIP-151] has no type that the page does not describe", () => {
    const known = new Set(documented.map(([id]) => id))
    assert.deepStrictEqual(
      builtInTypes.filter(({ id }) => !known.has(id)).map(({ name }) => name),
      [],
    )
  })

  it.each([
    ["Germany Passport Number", "Reisepass C01X00T478", 85],
    ["Germany Passport Number", "Reisepass C01X00T479", 75],
    ["Germany Passport Number", "C01X00T478", 0],
    ["Germany Driver's License Number", "Führerschein B072RRE2I55", 75],
    ["Germany Driver's License Number", "Führerschein B072RRE2I65", 0],
    ["Canada Social Insurance Number", "SIN 046-454-286", 0],
    ["Canada Social Insurance Number", "SIN 046-454-286, birthday soon", 85],
    ["Canada Social Insurance Number", "SIN 046-454-286, 1990-05-01", 85],
    ["Canada Social Insurance Number", "SIN 046454286", 75],
    ["France Passport Number", "passeport 12AB34567", 75],
    ["France Passport Number", "passeport 12AB34567, 01/02/2030", 85],
    ["U.S. / U.K. Passport Number", "passport number 512653296", 75],
    ["U.S. / U.K. Passport Number", "passport number 512653296, date of issue", 85],
    ["IP Address", "203.0.113.2", 0],
    ["IP Address", "IP 203.0.113.2", 95],
    ["IP Address", "ip 203.0.113.2", 0],
    ["IP Address", "2001:db8:0:0:0:0:0:1", 85],
    ["IP Address", "internet protocol 2001:db8:0:0:0:0:0:1", 95],
    ["Austria Social Security Number", "2151 260271", 75],
    ["Austria Social Security Number", "Telefon 2151 260271", 0],
    ["U.S. Social Security Number (SSN)", "SSN 936221234", 55],
    ["Australia Tax File Number", "246999153", 0],
    ["U.S. Driver's License Number", "New York driver license 123 456 789", 75],
    ["U.S. Driver's License Number", "NY DL 123 456 789", 65],
    ["U.S. Driver's License Number", "NY driver license 123456789", 0],
    ["U.S. Driver's License Number", "Ohio driver license 123 456 789", 0],
    ["Italy Driver's License Number", "patente di guida UA1234567K", 75],
    ["Italy Driver's License Number", "driving licence UA1234567K", 75],
    ["Italy Driver's License Number", "UA1234567K", 0],
    ["Italy Driver's License Number", "patente di guida UB1234567K", 0],
    ["Poland Driver's License Number", "prawo jazdy 12345/67/1234567", 75],
  ] as const)("[MIP-151] %s in %s: %d", (name, text, level) => {
    assert.strictEqual(levelOf(text, name), level)
  })

  it("[MIP-151] a storage key is a whole connection string, and no example", () => {
    const key = `${"aB3/".repeat(21)}xy==`
    const of = (account: string, value = key) =>
      levelOf(`DefaultEndpointsProtocol=https;AccountName=${account};AccountKey=${value}`, storage)
    const storage = "Azure Storage Account Key"
    assert.strictEqual(of("files"), 85)
    assert.strictEqual(of("contosofiles"), 0)
    assert.strictEqual(levelOf(`AccountKey=${key}`, storage), 0)
    const emulator =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="
    assert.strictEqual(of("files", emulator), 0)
  })
})
