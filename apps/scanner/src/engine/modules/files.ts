/** Where the texts of a project come from: its folder, the git index, a test. Paths are relative, with `/`. */
export interface Files {
  has(path: string): boolean
  /** @returns undefined where there is no such file, or none that is a text */
  read(path: string): string | undefined
}
