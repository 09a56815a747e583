/** One format, decided once: no semicolons, single quotes, lines of 120. */
export default { semi: false, singleQuote: true, printWidth: 120, trailingComma: 'all' }
