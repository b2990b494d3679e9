import { createPrivateKey, createPublicKey } from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { Option, Result } from "effect"
import {
  compactDecrypt,
  compactVerify,
  decodeProtectedHeader,
  exportJWK,
  flattenedDecrypt,
  generalDecrypt,
  importJWK,
  type JWK,
} from "jose"
import {
  hmacSha256,
  openCbcHmac,
  openGcm,
  rsaSign,
  rsaUnwrap,
  sealGcm,
  unwrapKey,
  wrapKey,
} from "../../src/Primitives.ts"
import { type Case, type Group, hex, runAll, textIn, vectorFile } from "../vectors/readVectors.ts"

const unbase64 = (text: string): Buffer => Buffer.from(text, "base64url")
const base64url = (value: Uint8Array): string => Buffer.from(value).toString("base64url")
const utf8 = (value: Uint8Array): string => Buffer.from(value).toString("utf8")

/** A compact token opened with the primitives of this package; none where they do not know its kind. */
const openWithPrimitives = (token: string, key: JWK): Option.Option<Uint8Array> => {
  const [head = "", wrapped = "", iv = "", ciphertext = "", tag = ""] = token.split(".")
  const { alg, enc, zip } = decodeProtectedHeader(token)
  const secret = unbase64(key.k ?? "")
  const contentKey =
    alg === "dir"
      ? Option.some(Result.succeed<Uint8Array>(secret))
      : /^A\d+KW$/.test(alg ?? "")
        ? Option.some(unwrapKey(secret, unbase64(wrapped)))
        : alg === "RSA-OAEP" || alg === "RSA-OAEP-256"
          ? Option.some(
              rsaUnwrap(
                createPrivateKey({ format: "jwk", key: { ...key } }),
                unbase64(wrapped),
                undefined,
                alg === "RSA-OAEP" ? "sha1" : "sha256",
              ),
            )
          : Option.none()
  if (Option.isNone(contentKey) || enc === "A192CBC-HS384" || zip !== undefined) {
    return Option.none()
  }
  const open = (enc ?? "").endsWith("GCM") ? openGcm : openCbcHmac
  const opened = Result.flatMap(contentKey.value, (it) =>
    open({
      key: it,
      iv: unbase64(iv),
      sealed: Buffer.concat([unbase64(ciphertext), unbase64(tag)]),
      aad: Buffer.from(head),
    }),
  )
  return Result.getSuccess(opened)
}

/** With the algorithm that the key is for, and no other: a token does not choose. */
const openWithJose = async (token: unknown, jwk: JWK): Promise<Uint8Array | undefined> => {
  const alg = jwk.alg ?? ""
  const options = { keyManagementAlgorithms: /^A\d+GCM$/.test(alg) ? ["dir"] : [alg] }
  try {
    const key = await importJWK(jwk, alg)
    if (typeof token === "string") return (await compactDecrypt(token, key, options)).plaintext
    const json = token as Parameters<typeof generalDecrypt>[0] &
      Parameters<typeof flattenedDecrypt>[0]
    const { plaintext } =
      "recipients" in json
        ? await generalDecrypt(json, key, options)
        : await flattenedDecrypt(json, key, options)
    return plaintext
  } catch {
    return undefined
  }
}

describe("published vectors, JOSE", () => {
  it("[CRY-212] [CRY-213] [CRY-215] encrypted tokens: jose, and our own primitives where they know the kind", async () => {
    let own = 0
    let withoutPkcs1 = 0
    const counted = await runAll(
      "json_web_encryption_test.json",
      async (one: Case, group: Group) => {
        const jwk = group["private"] as JWK
        const name = `case ${one.tcId}`
        const opened = await openWithJose(one["jwe"], jwk)
        // jose left out RSA PKCS#1 v1.5, whose padding errors tell too much.
        if (jwk.alg === "RSA1_5" && one.result === "valid") {
          withoutPkcs1 += 1
          assert.isUndefined(opened, name)
          return
        }
        assert.strictEqual(opened !== undefined, one.result === "valid", name)
        if (opened !== undefined) assert.strictEqual(hex(opened), textIn(one, "pt"), name)
        const token = textIn(one, "jwe")
        if (one.result !== "valid" || token === "") return
        const ours = openWithPrimitives(token, jwk)
        if (Option.isNone(ours)) return
        assert.strictEqual(hex(ours.value), textIn(one, "pt"), name)
        own += 1
      },
    )
    assert.strictEqual(withoutPkcs1, 8)
    assert.isAtLeast(own, 15)
    assert.deepStrictEqual(counted, { cases: 139, valid: 65, invalid: 74, acceptable: 0 })
  })

  it("[CRY-213] [CRY-215] signed tokens and the keys they name", async () => {
    // jose takes the one key that it is given. Which keys a set may hold together (1, 4), how long a
    // secret has to be (10 to 12) and whether an RSA key is a bad one (7: a factory's weak primes, 9:
    // the exponent 1) is up to whoever fetches the set.
    const other: number[] = []
    const counted = await runAll("json_web_key_test.json", async (one, group) => {
      const set = (group["public"] ?? group["private"]) as { readonly keys: readonly JWK[] }
      const token = textIn(one, "jws")
      const { kid } = decodeProtectedHeader(token)
      const jwk = set.keys.find((it) => it.kid === kid && it.use === "sig")
      const isValid = await importJWK(jwk ?? {}, jwk?.alg)
        .then((key) => compactVerify(token, key, { algorithms: [jwk?.alg ?? ""] }))
        .then(
          () => true,
          () => false,
        )
      if (isValid !== (one.result === "valid")) other.push(one.tcId)
    })
    assert.deepStrictEqual(other, [1, 4, 7, 9, 10, 11, 12])
    assert.deepStrictEqual(counted, { cases: 26, valid: 5, invalid: 21, acceptable: 0 })
  })
})

interface Recipe {
  readonly input: { readonly payload: string; readonly plaintext: string; readonly key: JWK }
  readonly output: { readonly compact: string }
  readonly generated?: { readonly cek?: string; readonly iv: string }
  readonly encrypting_key?: { readonly encrypted_key: string }
}
const recipe = (file: string) => vectorFile(`jose_cookbook_${file}.json`) as Recipe
const key = (file: string) => vectorFile(`jose_cookbook_${file}.json`) as JWK

describe("the JOSE cookbook (RFC 7520)", () => {
  it("[CRY-215] 3.3 to 3.6: keys read and write as they are printed", async () => {
    const [publicKey, privateKey] = [key("3_3_rsa_public_key"), key("3_4_rsa_private_key")]
    const derived = createPublicKey(createPrivateKey({ format: "jwk", key: { ...privateKey } }))
    const { n, e, kty } = publicKey
    assert.strictEqual(
      JSON.stringify(derived.export({ format: "jwk" })),
      JSON.stringify({ kty, n, e }),
    )
    for (const file of ["3_5_symmetric_key_mac_computation", "3_6_symmetric_key_encryption"]) {
      const { k } = key(file)
      // oxlint-disable-next-line no-await-in-loop
      const written = await exportJWK(unbase64(k ?? ""))
      assert.strictEqual(JSON.stringify(written), JSON.stringify({ kty: "oct", k }), file)
      assert.strictEqual(unbase64(k ?? "").length, 32, file)
    }
  })

  it("[CRY-212] [CRY-215] 4.1 and 4.4: signatures come out as they are printed", async () => {
    const rsa = recipe("4_1_rsa_v15_signature")
    const hmac = recipe("4_4_hmac_sha2_integrity_protection")
    const makers = [
      [
        rsa,
        (it: Buffer) => rsaSign(createPrivateKey({ format: "jwk", key: { ...rsa.input.key } }), it),
      ],
      [hmac, (it: Buffer) => hmacSha256(unbase64(hmac.input.key.k ?? ""), it)],
    ] as const
    for (const [{ input, output }, make] of makers) {
      const [head = ""] = output.compact.split(".")
      const signed = `${head}.${base64url(Buffer.from(input.payload))}`
      assert.strictEqual(`${signed}.${base64url(make(Buffer.from(signed)))}`, output.compact)
      const jwk = input.key.kty === "RSA" ? key("3_3_rsa_public_key") : input.key
      // The cookbook's RSA key names no algorithm: the header's is given.
      const alg = decodeProtectedHeader(output.compact).alg ?? ""
      // oxlint-disable-next-line no-await-in-loop
      const { payload } = await importJWK(jwk, alg).then((it) => compactVerify(output.compact, it))
      assert.strictEqual(utf8(payload), input.payload)
    }
  })

  it("[CRY-215] 5.2, 5.6 and 5.8: tokens open here and in jose", async () => {
    for (const file of [
      "5_2_key_encryption_using_rsa_oaep_with_aes_gcm",
      "5_6_direct_encryption_using_aes_gcm",
      "5_8_key_wrap_using_aes_keywrap_with_aes_gcm",
    ]) {
      const { input, output } = recipe(file)
      const ours = Option.getOrThrow(openWithPrimitives(output.compact, input.key))
      assert.strictEqual(utf8(ours), input.plaintext, file)
      // oxlint-disable-next-line no-await-in-loop
      const theirs = await openWithJose(output.compact, input.key)
      assert.strictEqual(utf8(theirs ?? new Uint8Array(0)), input.plaintext, file)
    }
  })

  it("[CRY-209] [CRY-215] 5.6 and 5.8: made again from the printed key and nonce", () => {
    const direct = recipe("5_6_direct_encryption_using_aes_gcm")
    const wrapped = recipe("5_8_key_wrap_using_aes_keywrap_with_aes_gcm")
    for (const { input, output, generated, encrypting_key: wrapping } of [direct, wrapped]) {
      const contentKey = unbase64(generated?.cek ?? input.key.k ?? "")
      const [head = "", encryptedKey, iv, ciphertext, tag] = output.compact.split(".")
      const sealed = sealGcm({
        key: contentKey,
        iv: unbase64(generated?.iv ?? ""),
        plaintext: Buffer.from(input.plaintext),
        aad: Buffer.from(head),
      })
      assert.strictEqual(base64url(sealed.subarray(0, -16)), ciphertext)
      assert.strictEqual(base64url(sealed.subarray(-16)), tag)
      assert.strictEqual(generated?.iv, iv)
      if (wrapping === undefined) continue
      const made = Result.getOrThrow(wrapKey(unbase64(input.key.k ?? ""), contentKey))
      assert.strictEqual(base64url(made), encryptedKey)
      assert.strictEqual(wrapping.encrypted_key, encryptedKey)
    }
  })
})
