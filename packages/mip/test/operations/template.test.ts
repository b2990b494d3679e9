import { assert, describe, it } from "@effect/vitest"
import { days, hours } from "@twin/kernel"
import { Effect } from "effect"
import {
  defaultTemplatesChangedAt,
  type ProtectionTemplate,
  templateOf,
  templatesOf,
} from "../../src/index.ts"
import { fault } from "../asking.ts"
import { actor, baseline, composition, contosoId, evolveAll, people, start } from "../world.ts"
import { call, ivan, type Sim, simulate } from "./stage.ts"

const connected = (sim: Sim) => Effect.as(call(sim, ivan, "Connect-AipService"), sim)
const begin = (...events: NonNullable<Parameters<typeof simulate>[0]>) =>
  Effect.flatMap(simulate(events), connected)

/** MIP-196 as a table. Only this test reads it. */
const documented = {
  "Confidential \\ All Employees":
    "VIEW,EXPORT,EXTRACT,VIEWRIGHTSDATA,EDITRIGHTSDATA,OBJMODEL,PRINT,FORWARD,REPLY,REPLYALL,EDIT,DOCEDIT,OWNER",
  "Highly Confidential \\ All Employees":
    "VIEW,EXTRACT,VIEWRIGHTSDATA,OBJMODEL,PRINT,FORWARD,REPLY,REPLYALL,EDIT,DOCEDIT",
}
const former = {
  "Contoso - Confidential":
    "VIEW,EXPORT,EDIT,DOCEDIT,VIEWRIGHTSDATA,OBJMODEL,FORWARD,REPLY,REPLYALL",
  "Contoso - Confidential View Only": "VIEW",
}
const rightsByName = (templates: readonly ProtectionTemplate[]) =>
  Object.fromEntries(
    templates
      .filter(({ isReadOnly }) => isReadOnly)
      .map(({ name, grants }) => [name, (grants[0]?.rights ?? []).join(",")]),
  )

const board = {
  Names: { "1033": "Board" },
  Descriptions: { "1033": "The board" },
  RightsDefinitions: [{ EmailAddress: "finance@contoso.com", Rights: ["VIEW", "EDIT"] }],
  Status: "Published",
}
const add = (sim: Sim, more: object = {}) =>
  Effect.map(
    call(sim, ivan, "Add-AipServiceTemplate", { ...board, ...more }),
    ({ output }) => output[0]?.["TemplateId"] as string,
  )
const set = (sim: Sim, TemplateId: string, more: object) =>
  Effect.map(
    call(sim, ivan, "Set-AipServiceTemplateProperty", { TemplateId, ...more }),
    ({ verdict }) => verdict,
  )

const activated = (activatedAt: number) =>
  templatesOf(
    evolveAll(composition.initial, [
      ...people,
      {
        _tag: "RmsSubscriptionChanged",
        subscription: { status: "Active", hasBeenActive: true, activatedAt, adRms: "none" },
        functionalState: "Enabled",
        at: activatedAt,
      },
    ]),
  )

describe("the templates that come with the service", () => {
  it("[MIP-195] [MIP-196] two, for members only, seven days offline, with the documented rights", () => {
    const own = templatesOf(baseline).filter(({ isReadOnly }) => isReadOnly)
    assert.deepStrictEqual(rightsByName(own), documented)
    for (const { status, contentExpiry, licenceValidityDays, grants } of own) {
      assert.deepStrictEqual(
        [status, contentExpiry._tag, licenceValidityDays],
        ["Published", "Never", 7],
      )
      assert.deepStrictEqual(
        grants.map(({ who }) => who),
        ["contoso.onmicrosoft.com"],
      )
    }
    assert.deepStrictEqual(rightsByName(activated(defaultTemplatesChangedAt - 1)), former)
    assert.deepStrictEqual(rightsByName(activated(defaultTemplatesChangedAt)), documented)
    const ids = (at: number) => activated(at).map(({ templateId }) => templateId)
    assert.sameMembers([...ids(0)], [...ids(start)], "the same two templates")
    assert.isEmpty(templatesOf(composition.initial), "without an organization there is none")
    assert.isNotEmpty(contosoId)
  })

  it.effect("[MIP-195] they can be archived, and neither edited nor removed", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      const name = "Confidential \\ All Employees"
      const id = templateOf(yield* sim.world, name)?.templateId ?? ""
      const bob = "bob@contoso.com"
      const protect = (file: string) =>
        Effect.map(
          call(sim, "alice@contoso.com", "protect-document", { file, template: name }),
          ({ decision }) => decision.outcome,
        )
      const open = Effect.map(
        call(sim, bob, "open-document", { file: "a.docx", freshDevice: true }),
        ({ decision }) => decision.outcome,
      )
      assert.strictEqual(yield* protect("a.docx"), "allow")
      assert.strictEqual(yield* open, "allow")
      const edits = [
        { LicenseValidityDuration: 3 },
        { Status: "Archived", ScopedIdentities: [bob] },
        { Names: { "1033": "X" }, Descriptions: { "1033": "X" } },
      ]
      for (const edit of edits) {
        assert.strictEqual(yield* set(sim, id, edit), "deny by template-editable")
      }
      const removed = yield* call(sim, ivan, "Remove-AipServiceTemplate", { TemplateId: id })
      assert.strictEqual(removed.verdict, "deny by template-editable")
      assert.match(yield* set(sim, id, { Status: "Archived" }), /^allow/)
      assert.strictEqual(yield* protect("b.docx"), "deny")
      assert.strictEqual(yield* open, "allow", "what there is still opens")
      assert.match(yield* set(sim, id, { Status: "Published" }), /^allow/)
      assert.strictEqual(yield* protect("b.docx"), "allow")
      assert.strictEqual(templatesOf(yield* sim.world).filter((it) => it.name === name).length, 1)
    }),
  )
})

describe("custom templates", () => {
  it.effect("[MIP-197] a tenant has at most five hundred", () =>
    Effect.gen(function* () {
      const many = Array.from({ length: 499 }, (_, index) => ({
        _tag: "TemplateStored" as const,
        template: {
          templateId: `7e000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
          name: `Template ${index}`,
          description: "One of many",
          status: "Published" as const,
          grants: [{ who: "contoso.com", rights: ["VIEW" as const] }],
          contentExpiry: { _tag: "Never" as const },
          licenceValidityDays: -1,
          scopedIdentities: [],
          isReadOnly: false,
        },
      }))
      const sim = yield* begin(...many)
      const adds = Effect.map(
        call(sim, ivan, "Add-AipServiceTemplate", board),
        ({ verdict }) => verdict,
      )
      assert.strictEqual(yield* adds, "allow by template-limits")
      assert.strictEqual(yield* adds, "deny by template-limits")
      assert.match(yield* set(sim, "Board", { Status: "Archived" }), /^allow/, "editing adds none")
      yield* call(sim, ivan, "Remove-AipServiceTemplate", { TemplateId: "Template 7" })
      assert.strictEqual(yield* adds, "allow by template-limits")
    }),
  )

  it.effect("[MIP-198] what is given is overwritten, what is not stays", () =>
    Effect.gen(function* () {
      const sim = yield* begin()
      const id = yield* add(sim, { LicenseValidityDuration: 5, EnableInLegacyApps: true })
      const properties = (...names: string[]) =>
        Effect.map(
          call(sim, ivan, "Get-AipServiceTemplateProperty", {
            TemplateId: id,
            ...Object.fromEntries(names.map((it) => [it, true])),
          }),
          ({ output }) => output[0],
        )
      assert.deepStrictEqual(yield* properties(), { TemplateId: id }, "nothing was asked for")
      assert.deepStrictEqual(
        yield* properties("Names", "LicenseValidityDuration", "EnableInLegacyApps", "ReadOnly"),
        {
          TemplateId: id,
          Names: "Board",
          LicenseValidityDuration: 5,
          EnableInLegacyApps: true,
          ReadOnly: false,
        },
      )
      assert.match(
        yield* set(sim, id, {
          Names: { "1033": "Board", "1031": "Vorstand" },
          Descriptions: { "1033": "x", "1031": "y" },
          ContentExpirationOption: "AfterDays",
          ContentValidityDuration: 10,
        }),
        /^allow/,
      )
      assert.deepStrictEqual(
        yield* properties(
          "Names",
          "ContentExpirationOption",
          "ContentValidityDuration",
          "ContentExpirationDate",
          "LicenseValidityDuration",
          "RightsDefinitions",
          "Status",
        ),
        {
          TemplateId: id,
          Names: { "1033": "Board", "1031": "Vorstand" },
          ContentExpirationOption: "AfterDays",
          ContentValidityDuration: 10,
          ContentExpirationDate: null,
          LicenseValidityDuration: 5,
          RightsDefinitions: "finance@contoso.com:VIEW,EDIT",
          Status: "Published",
        },
      )
      assert.strictEqual(templateOf(yield* sim.world, id)?.name, "Board", "English is shown")
      const refusals = [
        [{ ContentExpirationOption: "AfterDays" }, "template-limits"],
        [{ ContentExpirationOption: "AfterDays", ContentValidityDuration: 0 }, "template-limits"],
        [{ ContentExpirationOption: "OnDate" }, "template-limits"],
        [{ LicenseValidityDuration: -2 }, "template-limits"],
        [{ LicenseValidityDuration: 10_000 }, "template-limits"],
        [{ RightsDefinitions: [] }, "template-rights"],
        [{ Names: { "1033": "A" } }, "template-names"],
        ..."<>%&/?;+\\:#"
          .split("")
          .map(
            (sign) =>
              [
                { Names: { "1033": `A${sign}B` }, Descriptions: { "1033": "x" } },
                "template-names",
              ] as const,
          ),
      ] as const
      const before = templateOf(yield* sim.world, id)
      for (const [params, gate] of refusals) {
        assert.strictEqual(yield* set(sim, id, params), `deny by ${gate}`, JSON.stringify(params))
      }
      assert.deepStrictEqual(templateOf(yield* sim.world, id), before, "a refusal changes nothing")
      for (const days_ of [-1, 0, 1, 9999]) {
        assert.match(yield* set(sim, id, { LicenseValidityDuration: days_ }), /^allow/)
      }
      assert.strictEqual(yield* set(sim, "none", { Status: "Archived" }), "deny by template-known")
    }),
  )

  it.effect(
    "[MIP-198] a template goes to a file and comes back, and a bad file changes nothing",
    () =>
      Effect.gen(function* () {
        const sim = yield* begin()
        const id = yield* add(sim)
        const run = (cmdlet: string, params: object) =>
          Effect.map(call(sim, ivan, cmdlet, params), ({ verdict }) => verdict)
        const Path = "C:\\Templates\\Board.xml"
        assert.match(yield* run("Export-AipServiceTemplate", { TemplateId: id, Path }), /^allow/)
        assert.strictEqual(
          yield* run("Export-AipServiceTemplate", { TemplateId: id, Path }),
          "deny by template-file",
        )
        assert.match(
          yield* run("Export-AipServiceTemplate", { TemplateId: id, Path, Force: true }),
          /^allow/,
        )
        const exported = templateOf(yield* sim.world, id)
        yield* set(sim, id, { LicenseValidityDuration: 3 })
        assert.match(yield* run("Import-AipServiceTemplate", { Path }), /^allow/)
        assert.deepStrictEqual(templateOf(yield* sim.world, id), exported, "as it was")
        yield* call(sim, ivan, "Remove-AipServiceTemplate", { TemplateId: id })
        assert.match(yield* run("Import-AipServiceTemplate", { Path }), /^allow/)
        assert.deepStrictEqual(templateOf(yield* sim.world, id), exported, "and where it was gone")
        const bad = ["", "{}", "null", "[".repeat(5000), `${JSON.stringify(exported)}x`, "\u0000"]
        for (const [index, text] of bad.entries()) {
          yield* sim.establish("a bad file", [
            { _tag: "TemplateExported", path: `bad${index}`, text, at: start },
          ])
          const before = templatesOf(yield* sim.world)
          assert.strictEqual(
            yield* run("Import-AipServiceTemplate", { Path: `bad${index}` }),
            "deny by template-file",
          )
          assert.deepStrictEqual(templatesOf(yield* sim.world), before)
        }
        assert.strictEqual(
          yield* run("Import-AipServiceTemplate", { Path: "none" }),
          "deny by template-file",
        )
        const label = templateOf(yield* sim.world, "Confidential")?.templateId ?? ""
        yield* run("Export-AipServiceTemplate", { TemplateId: label, Path: "label" })
        assert.strictEqual(
          yield* run("Import-AipServiceTemplate", { Path: "label" }),
          "deny by template-editable",
        )
      }),
  )

  it.effect(
    "[MIP-199] software that cannot read the scope shows a template to all, or to none",
    () =>
      Effect.gen(function* () {
        const sim = yield* begin()
        const id = yield* add(sim, { ScopedIdentities: ["alice@contoso.com"] })
        const applies = (who: string, app: "office-desktop" | "browser") =>
          Effect.map(
            call(sim, actor(`${who}@contoso.com`, app), "protect-document", {
              file: `${who}-${app}.docx`,
              template: id,
            }),
            ({ decision }) => decision.outcome,
          )
        assert.strictEqual(yield* applies("alice", "office-desktop"), "allow")
        assert.strictEqual(yield* applies("bob", "office-desktop"), "deny")
        assert.strictEqual(yield* applies("alice", "browser"), "deny", "shown to nobody there")
        yield* set(sim, id, { EnableInLegacyApps: true })
        assert.strictEqual(yield* applies("alice", "browser"), "allow")
        assert.strictEqual(yield* applies("bob", "browser"), "allow", "shown to everybody there")
        assert.strictEqual(yield* applies("bob", "office-desktop"), "deny")
      }),
  )

  it.effect(
    "[MIP-202] Office with the add-in sees an edit after a week, built-in labelling at once",
    () =>
      Effect.gen(function* () {
        const sim = yield* begin(fault("template-refresh-delay"))
        yield* sim.advance(days(30))
        const id = yield* add(sim)
        const applies = (file: string, more: object = {}) =>
          Effect.map(
            call(sim, "alice@contoso.com", "protect-document", { file, template: id, ...more }),
            ({ code, decision }) => code ?? decision.outcome,
          )
        yield* set(sim, id, { Status: "Published" })
        assert.strictEqual(yield* applies("a.docx"), "allow")
        const classic = { software: "office-2016" }
        assert.strictEqual(
          yield* applies("b.docx", classic),
          "TemplateNotFoundError",
          "not fetched",
        )
        yield* sim.advance(days(7))
        assert.strictEqual(yield* applies("b.docx", classic), "allow")
        yield* set(sim, id, { Status: "Archived" })
        assert.strictEqual(yield* applies("c.docx"), "TemplateArchivedError")
        assert.strictEqual(yield* applies("c.docx", classic), "allow", "the old one is still there")
        yield* sim.advance(days(7) - hours(1))
        assert.strictEqual(yield* applies("d.docx", classic), "allow")
        yield* sim.advance(hours(1))
        assert.strictEqual(yield* applies("e.docx", classic), "TemplateArchivedError")
      }),
  )
})
