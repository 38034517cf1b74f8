/** The members of a union whose property `K` can be `V`. */
export type Variant<U, K extends PropertyKey, V> =
  U extends Readonly<Record<K, infer Values>> ? (V extends Values ? U : never) : never;
