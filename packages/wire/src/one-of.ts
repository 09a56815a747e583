import Type from 'typebox'

/** A text that is one of a closed list: `{ type: 'string', enum }`, typed as the union of its values. */
export function oneOf<const Value extends string>(values: readonly Value[], description: string): Type.TUnsafe<Value> {
  return Type.Unsafe<Value>({ type: 'string', enum: [...values], description })
}
