import Type from 'typebox'

/** The id of an object, as the gateway makes them: `usr_…`. What no id can be, a NUL for one, is asked of no database. */
export function objectId(description: string): Type.TString {
  return Type.String({ minLength: 1, maxLength: 64, pattern: '^[0-9A-Za-z_]*$', description })
}
