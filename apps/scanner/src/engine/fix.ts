/** Replaces a part of a file's text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** What `--fix` may do: only what cannot change anything but what the rule is about. */
export interface Fix {
  readonly what: string
  readonly edits: readonly Edit[]
}
