import { assert, describe, it } from "@effect/vitest"
import { decidingGate } from "@twin/kernel"
import { Effect } from "effect"
import { type Lab, lab, printed, refusal, userId, verdict } from "../world.ts"

const root = "https://graph.microsoft.com/v1.0"
const eventual = { Headers: { ConsistencyLevel: "eventual" } }

const got = (it: Lab, path: string, more: object = {}, who = "alice") =>
  it.as(who, "Invoke-MgGraphRequest", { Uri: `${root}/${path}`, OutputType: "Json", ...more })

const bodyOf = (it: Lab, path: string, more: object = {}) =>
  Effect.map(got(it, path, more), (answer) => JSON.parse(printed(answer, "Value")))

const errorOf = (it: Lab, path: string, more: object = {}) =>
  Effect.map(got(it, path, more), (answer) => {
    const { error } = JSON.parse(decidingGate(answer.decision).refusal?.message ?? "{}")
    return error
  })

describe("Graph over HTTP", () => {
  it.effect(
    "[IDN-100] a collection is an envelope with its context, its pages and its values",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const body = yield* bodyOf(it, "users?$select=displayName&$top=3")
        assert.strictEqual(body["@odata.context"], `${root}/$metadata#users(displayName)`)
        assert.deepStrictEqual(body.value, [
          { displayName: "alice", id: userId("alice") },
          { displayName: "bob", id: userId("bob") },
          { displayName: "carl", id: userId("carl") },
        ])
        const next = body["@odata.nextLink"].slice(`${root}/`.length)
        const second = yield* bodyOf(it, next)
        assert.deepStrictEqual(
          second.value.map((row: { displayName: string }) => row.displayName),
          ["gina", "grace", "ivan"],
        )
        const last = yield* bodyOf(it, second["@odata.nextLink"].slice(`${root}/`.length))
        assert.strictEqual(last.value.length, 1)
        assert.notProperty(last, "@odata.nextLink")
        assert.notProperty(body, "@odata.count")
      }),
  )

  it.effect("[IDN-100] an object stands beside its context, without a value of its own", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const body = yield* bodyOf(it, `users/${userId("alice")}?$select=mail,userType`)
      assert.deepStrictEqual(body, {
        "@odata.context": `${root}/$metadata#users(mail,userType)/$entity`,
        id: userId("alice"),
        mail: "alice@contoso.com",
        userType: "Member",
      })
      const object = yield* got(it, "groups/partners", { OutputType: "HashTable" })
      assert.strictEqual(printed(object, "displayName"), "Partners")
    }),
  )

  it.effect("[IDN-100] the count comes with eventual consistency alone", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const path = "users?$count=true&$top=1&$filter=startswith(displayName,'g')"
      assert.strictEqual((yield* bodyOf(it, path, eventual))["@odata.count"], 2)
      assert.notProperty(yield* bodyOf(it, path), "@odata.count")
      const alone = yield* got(it, "users/$count", eventual)
      assert.deepStrictEqual(alone.output, [{ Value: 7 }])
      const refused = yield* errorOf(it, "users/$count")
      assert.strictEqual(refused.code, "Request_BadRequest")
      assert.strictEqual(refused.message, "$count is not currently supported.")
    }),
  )

  it.effect("[IDN-100] an error is an envelope with code, message and ids of the request", () =>
    Effect.gen(function* () {
      const it = yield* lab()
      const error = yield* errorOf(it, "users?$filter=displayName%20ne%20'a'")
      assert.strictEqual(error.code, "Request_UnsupportedQuery")
      assert.sameMembers(Object.keys(error.innerError), ["date", "request-id", "client-request-id"])
      assert.strictEqual((yield* errorOf(it, "users/nobody")).code, "Request_ResourceNotFound")
      assert.strictEqual((yield* errorOf(it, "users?$top=1000")).code, "Request_BadRequest")
      const guest = yield* got(it, "users", {}, "nina@fabrikam.com")
      assert.strictEqual(refusal(guest), "Authorization_RequestDenied")
    }),
  )

  it.effect(
    "[IDN-100] what is no address is refused, and what the twin lacks it does not answer",
    () =>
      Effect.gen(function* () {
        const it = yield* lab()
        const tries = (Uri: string, more: object = {}) =>
          Effect.map(it.as("alice", "Invoke-MgGraphRequest", { Uri, ...more }), verdict)
        assert.strictEqual(yield* tries("https://evil.example/v1.0/users"), "deny graph-address")
        assert.strictEqual(yield* tries(`${root}/users?$filter=%E0%A4%A`), "deny graph-address")
        assert.strictEqual(yield* tries(`${root}/messages`), "unknown graph-address")
        assert.strictEqual(yield* tries(`${root}/users?$expand=manager`), "unknown graph-address")
        assert.strictEqual(
          yield* tries(`${root}/users`, { Method: "DELETE" }),
          "unknown graph-address",
        )
        assert.strictEqual(yield* tries("/v1.0/users"), "allow")
      }),
  )
})
