import { assert, describe, it, layer } from "@effect/vitest"
import { decidingGate, instant, type OutputObject } from "@twin/kernel"
import { Effect } from "effect"
import { type ContentPlace, contentPlaces, restControls } from "../../src/at-rest/Posture.ts"
import { cryptoDomain, openAtRest } from "../../src/index.ts"
import { mail, Prepared, plaintext, withAlice, withSites } from "../customer-key/prepared.ts"
import { composition, heidi, ivan, mallory, startTwin, type Twin, textOf } from "../harness.ts"

const report = (twin: Twin) => twin.allow(mallory, "show-encryption-at-rest", {})
const rowOf = (rows: readonly OutputObject[], name: string, value: string): OutputObject =>
  rows.find((row) => row[name] === value) ?? {}

/** CRY-008 as it is printed. */
const table = [
  [
    "Exchange mailbox",
    "BitLocker AES-256",
    "Service encryption AES-256 per mailbox",
    "mailbox key <- DEP key <- roots",
  ],
  [
    "SharePoint and OneDrive files",
    "BitLocker AES-256",
    "AES-256 per chunk in Azure Blob storage",
    "chunk key <- master key in the Key Store",
  ],
  [
    "SharePoint list items and metadata (SQL)",
    "BitLocker",
    "Database access control and Azure SQL TDE, also of backups and logs",
    "not in the Customer Key chain",
  ],
  ["Teams files", "BitLocker AES-256", "As SharePoint", "chunk key <- master key in the Key Store"],
  [
    "Teams chat, media, status and recordings",
    "Azure Storage SSE (tables, blobs); Azure Disk Encryption (queues)",
    "Service encryption",
    "multi-workload DEP when assigned",
  ],
  [
    "Skype for Business conference content",
    "BitLocker AES-256",
    "AES-256 random key for each item, in a metadata XML under a random key for each conference",
    "Microsoft",
  ],
  ["Compliance Manager entries", "Azure Cosmos DB encryption at rest", "-", "Microsoft"],
  ["Windows 365 Cloud PC disk", "Azure Storage SSE", "Customer Key optional", "multi-workload DEP"],
]

describe("the report on encryption at rest", () => {
  it.effect("[CRY-002] [CRY-008] every kind of content, with Microsoft's keys from the start", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("posture")
      const rows = yield* report(twin)
      const columns = ["data", "volumeLayer", "serviceLayer", "keyPath"]
      assert.deepStrictEqual(
        rows.map((row) => columns.map((column) => textOf(row, column))),
        table,
      )
      for (const row of rows) assert.strictEqual(row["keyManagement"], "MicrosoftManaged")
      assert.deepInclude(rowOf(rows, "data", "Exchange mailbox"), { volumes: 4, volumesLocked: 0 })
      assert.deepInclude(rowOf(rows, "data", "Windows 365 Cloud PC disk"), { volumes: 0 })
      const server = "exo-nam01-mbx01"
      yield* twin.allow(mallory, "replace-tpm", { server })
      const after = rowOf(yield* report(twin), "data", "Exchange mailbox")
      assert.deepInclude(after, { volumes: 4, volumesLocked: 2 })
    }),
  )

  it.effect("[CRY-001] no operation turns encryption off", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("posture")
      for (const { name } of cryptoDomain.operations) {
        assert.notMatch(name, /^(disable|suspend)-(bitlocker|encryption|volume|service)/i)
      }
      assert.isTrue(composition.operations.has("show-encryption-at-rest"))
      const protectors = yield* twin.allow(mallory, "list-volume-protectors", {})
      for (const row of protectors) assert.strictEqual(row["protectionStatus"], "On")
    }),
  )

  it.effect(
    "[CRY-009] [CRY-004] each risk and what is there for it; Customer Key is there for none",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("posture")
        const rows = yield* twin.allow(mallory, "list-encryption-risks", {})
        assert.deepStrictEqual(
          rows.map((row) => [textOf(row, "control"), textOf(row, "risk")]),
          [
            ["BitLocker", "Stolen or badly recycled disks and servers"],
            ["Service encryption", "An attacker reaches files as raw blobs"],
            ["TLS between client and service", "Interception on the Internet"],
            ["TLS between datacenters", "Interception between datacenters"],
            ["Azure Rights Management", "Data in the hands of the wrong person"],
            ["S/MIME", "Mail reaches an unintended reader"],
            ["Message encryption", "Mail reaches an unintended reader"],
            ["SMTP TLS with a partner", "Interception in transit to that partner"],
            ["Customer Key", "N/A"],
          ],
        )
        assert.isFalse(rowOf(rows, "control", "Customer Key")["isInUse"])
        for (const row of rows) assert.isFalse(row["governsHumanAccess"])
      }),
  )

  it.effect(
    "[CRY-010] validated always, for mail by what was agreed, for S/MIME by the setting",
    () =>
      Effect.gen(function* () {
        const twin = yield* startTwin("posture")
        const check = Effect.fnUntraced(function* (params: object = {}) {
          const rows = yield* twin.allow(mallory, "check-fips", params)
          for (const control of [
            "BitLocker",
            "Service encryption",
            "Azure Rights Management",
            "TLS between datacenters",
          ]) {
            assert.isTrue(rowOf(rows, "control", control)["validated"], control)
          }
          return [
            rowOf(rows, "control", "Exchange TLS")["validated"],
            rowOf(rows, "control", "S/MIME")["validated"],
          ]
        })
        assert.deepStrictEqual(yield* check(), [true, true])
        const tls = [
          [{ cipherSuite: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384" }, true],
          [{ cipherSuite: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256" }, false],
          [{ tlsVersion: "1.1", cipherSuite: "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA" }, false],
          [{ tlsVersion: "1.3", cipherSuite: "TLS_AES_256_GCM_SHA384" }, false],
        ] as const
        for (const [params, isValidated] of tls) {
          assert.deepStrictEqual(yield* check(params), [isValidated, true], JSON.stringify(params))
        }
        for (const [id, isValidated] of [
          ["6603", true],
          ["660E", false],
          ["660F", false],
          ["6601", false],
          ["6610", true],
        ] as const) {
          yield* twin.establish("s", [
            { _tag: "SmimeConfigChanged", changes: { OWAEncryptionAlgorithms: id } },
          ])
          assert.deepStrictEqual(yield* check(), [true, isValidated], id)
        }
        const wrong = yield* twin.refuse(mallory, "check-fips", { cipherSuite: "TLS_NULL" })
        assert.strictEqual(wrong.name, "fips-known")
      }),
  )

  it.effect("[CRY-006] [CRY-007] what covers content at each place", () =>
    Effect.gen(function* () {
      const twin = yield* startTwin("posture")
      const online = "BitLocker ServiceEncryption CustomerKey"
      const azure = "AzureStorageServiceSideEncryption"
      const want: Record<ContentPlace, string> = {
        ExchangeMailbox: online,
        SharePointFile: online,
        OneDriveFile: online,
        TeamsChat: `${azure} ServiceEncryption CustomerKey`,
        CloudPcDisk: `${azure} CustomerKey`,
        OnPremisesMailbox: "BitLocker",
        OnPremisesFile: "BitLocker",
        OnPremisesMailboxSyncedForOutlookMobile: online,
      }
      for (const place of contentPlaces) {
        const covered: string[] = []
        for (const control of restControls) {
          const { decision } = yield* twin.call(ivan, "check-coverage", { place, control })
          if (decision.outcome === "allow") covered.push(control)
          else assert.strictEqual(decidingGate(decision).name, "encryption-coverage")
        }
        assert.strictEqual(covered.join(" "), want[place].split(" ").toSorted(byTable).join(" "))
      }
    }),
  )

  it.effect("[CRY-007] Customer Key for Cloud PCs was a preview in 2024", () =>
    Effect.gen(function* () {
      const params = { place: "CloudPcDisk", control: "CustomerKey" }
      const operation = composition.operations.get("check-coverage")
      assert.isDefined(operation)
      const draw = { guid: () => "", digits: () => "", token: () => "" }
      for (const [day, status] of [
        ["2023-06-01", "NotCovered"],
        ["2024-06-01", "PublicPreview"],
        ["2025-06-01", "Supported"],
        ["2026-09-01", "Supported"],
      ] as const) {
        const call = { world: composition.initial, actor: ivan, now: instant(day), draw }
        const { output } = yield* startTwin("x").pipe(
          Effect.flatMap((twin) => twin.run(() => operation.rule(call, params))),
        )
        assert.strictEqual(textOf(output?.[0], "status"), status, day)
      }
    }),
  )
})

const byTable = (a: string, b: string): number =>
  restControls.findIndex((it) => it === a) - restControls.findIndex((it) => it === b)

layer(Prepared.layer)("with Customer Key", (test) => {
  test.effect(
    "[CRY-004] the service's own work goes on, and the report says whose keys they are",
    () =>
      Effect.gen(function* () {
        const { twin: sites } = yield* withSites
        const rows = yield* report(sites)
        const files = rowOf(rows, "data", "SharePoint and OneDrive files")
        assert.strictEqual(files["keyManagement"], "CustomerManaged")
        assert.strictEqual(files["keyPath"], "chunk key <- site key <- TIK <- roots")
        const { twin } = yield* withAlice
        const mailboxes = rowOf(yield* report(twin), "data", "Exchange mailbox")
        assert.strictEqual(mailboxes["keyManagement"], "Mixed")
        const sql = rowOf(rows, "data", "SharePoint list items and metadata (SQL)")
        assert.strictEqual(sql["keyManagement"], "MicrosoftManaged")
        // eDiscovery, malware and spam scans, data loss prevention and indexing read as the system.
        const seen = yield* twin.run((world) => openAtRest(world, mail, { origin: "System" }))
        assert.deepStrictEqual(Buffer.from(seen), plaintext)
        const risks = yield* twin.allow(heidi, "list-encryption-risks", {})
        const row = rowOf(risks, "control", "Customer Key")
        assert.deepInclude(row, { risk: "N/A", isInUse: true, governsHumanAccess: false })
      }),
  )
})
