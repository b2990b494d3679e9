/**
 * Every algorithm of this package, as pure functions of the bytes they are given: nothing here draws
 * chance, reads a clock or keeps a key. What opens answers with bytes or with the reason of its
 * refusal. Each one is held to published vectors (CRY-213 to CRY-215).
 */
export * from "./primitives/AesCbc.ts"
export * from "./primitives/AesGcm.ts"
export * from "./primitives/AesKeyWrap.ts"
export * from "./primitives/AesXts.ts"
export * from "./primitives/Digest.ts"
export type { Opened } from "./primitives/Opened.ts"
export * from "./primitives/RsaOaep.ts"
export * from "./primitives/RsaSignature.ts"
