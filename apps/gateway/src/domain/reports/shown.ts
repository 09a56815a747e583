type Text<Value> = Value extends Date ? string : Value

/** A row as the wire has it: times in RFC 3339, and what is null is absent. */
export type Shown<Row> = {
  [Name in keyof Row as null extends Row[Name] ? never : Name]: Text<Row[Name]>
} & {
  [Name in keyof Row as null extends Row[Name] ? Name : never]?: Text<NonNullable<Row[Name]>>
}

/** Shows a row that came from the database. */
export function shown<Row extends object>(row: Row): Shown<Row> {
  const members = Object.entries(row).flatMap(([name, value]: [string, unknown]) =>
    value === null ? [] : [[name, value instanceof Date ? value.toISOString() : value]],
  )
  return Object.fromEntries(members) as Shown<Row>
}
