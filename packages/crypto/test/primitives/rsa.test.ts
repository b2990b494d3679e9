import {
  constants,
  createHash,
  createPrivateKey,
  createPublicKey,
  privateDecrypt,
} from "node:crypto"
import { assert, describe, it } from "@effect/vitest"
import { seededBytes } from "@twin/kernel"
import {
  type OaepHash,
  pssSaltBytes,
  pssSign,
  pssVerify,
  rsaSign,
  rsaUnwrap,
  rsaVerify,
  rsaWrap,
} from "../../src/Primitives.ts"
import { rsaKeyPairFrom } from "../../src/RsaKeyPair.ts"
import { bytes, expectOpened, hex, runAll, textIn } from "../vectors/readVectors.ts"

interface OaepFile {
  readonly file: string
  readonly hash: OaepHash
  readonly cases: readonly [valid: number, invalid: number]
}

const oaepFiles: readonly OaepFile[] = [
  { file: "rsa_oaep_2048_sha1_mgf1sha1_test.json", hash: "sha1", cases: [17, 19] },
  { file: "rsa_oaep_2048_sha256_mgf1sha256_test.json", hash: "sha256", cases: [18, 19] },
  { file: "rsa_oaep_4096_sha256_mgf1sha256_test.json", hash: "sha256", cases: [18, 19] },
]

/** Takes the seed out of an encoded block: RFC 8017 section 7.1.2, step 3, written anew. */
const seedOf = (encoded: Buffer, hash: OaepHash): Uint8Array => {
  const size = hash === "sha1" ? 20 : 32
  const block = encoded.subarray(1 + size)
  const mask = createHash(hash).update(block).update(Buffer.alloc(4)).digest()
  return encoded.subarray(1, 1 + size).map((byte, index) => byte ^ (mask[index] ?? 0))
}

describe("published vectors, RSA", () => {
  for (const { file, hash, cases } of oaepFiles) {
    it(`[CRY-132] [CRY-209] [CRY-211] [CRY-213] ${file}: opens, and wraps to the same bytes`, async () => {
      let wrapped = 0
      const counted = await runAll(file, (one, group) => {
        const privateKey = createPrivateKey(textIn(group, "privateKeyPem"))
        const [ct, msg, label] = [bytes(one, "ct"), bytes(one, "msg"), bytes(one, "label")]
        expectOpened(one, rsaUnwrap(privateKey, ct, label, hash), msg)
        if (one.result !== "valid") return
        const padding = constants.RSA_NO_PADDING
        const seed = seedOf(privateDecrypt({ key: privateKey, padding }, ct), hash)
        const publicKey = createPublicKey(privateKey)
        const made = rsaWrap({ publicKey, key: msg, seed, hash, label })
        assert.strictEqual(hex(made), hex(ct), `case ${one.tcId}`)
        wrapped += 1
      })
      assert.strictEqual(wrapped, cases[0])
      assert.deepInclude(counted, { valid: cases[0], invalid: cases[1], acceptable: 0 })
    })
  }

  it("[CRY-132] [CRY-212] [CRY-213] RS256 accepts and refuses the published signatures", async () => {
    const counted = await runAll("rsa_signature_2048_sha256_test.json", (one, group) => {
      const publicKey = createPublicKey(textIn(group, "publicKeyPem"))
      const claim = { publicKey, message: bytes(one, "msg"), signature: bytes(one, "sig") }
      if (one.result !== "acceptable") {
        assert.strictEqual(rsaVerify(claim), one.result === "valid", `case ${one.tcId}`)
      }
    })
    assert.deepStrictEqual(counted, { cases: 259, valid: 9, invalid: 249, acceptable: 1 })
  })

  it("[CRY-212] [CRY-213] PS256 accepts and refuses the published signatures", async () => {
    const counted = await runAll("rsa_pss_2048_sha256_mgf1_32_test.json", (one, group) => {
      const publicKey = createPublicKey(textIn(group, "publicKeyPem"))
      const claim = { publicKey, message: bytes(one, "msg"), signature: bytes(one, "sig") }
      assert.strictEqual(pssVerify(claim), one.result === "valid", `case ${one.tcId}`)
    })
    assert.deepStrictEqual(counted, { cases: 108, valid: 63, invalid: 45, acceptable: 0 })
  })
})

const content = (size: number, seed: string) => seededBytes(seed)(size)

describe("signatures", () => {
  const { privateKey, publicKey } = rsaKeyPairFrom(seededBytes("signer"))
  const message = Buffer.from("a licence")

  it("[CRY-212] PS256 signs with a salt that is given, and OpenSSL agrees", () => {
    const salt = content(pssSaltBytes, "salt")
    const signature = pssSign({ privateKey, message, salt })
    assert.deepStrictEqual(signature, pssSign({ privateKey, message, salt }))
    assert.isTrue(pssVerify({ publicKey, message, signature }))
    assert.isFalse(pssVerify({ publicKey, message: Buffer.from("another"), signature }))
    const other = pssSign({ privateKey, message, salt: content(pssSaltBytes, "other") })
    assert.notDeepEqual(other, signature)
    assert.isTrue(pssVerify({ publicKey, message, signature: other }))
    const short = pssSign({ privateKey, message, salt: salt.slice(1) })
    assert.isFalse(pssVerify({ publicKey, message, signature: short }), "salt of 31 bytes")
  })

  it("[CRY-212] the two kinds of signature are not taken for each other", () => {
    const plain = rsaSign(privateKey, message)
    const pss = pssSign({ privateKey, message, salt: content(pssSaltBytes, "salt") })
    assert.isTrue(rsaVerify({ publicKey, message, signature: plain }))
    assert.isFalse(pssVerify({ publicKey, message, signature: plain }))
    assert.isFalse(rsaVerify({ publicKey, message, signature: pss }))
  })
})
