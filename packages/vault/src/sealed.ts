declare const sealedBrand: unique symbol

/** Bytes that only `seal` makes. A column of this type cannot be handed a plaintext: it does not compile. */
export type Sealed = Buffer & { readonly [sealedBrand]: true }
