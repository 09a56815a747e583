import { expect, test } from 'vitest'
import { KeySourceError } from '../key-encryption.ts'
import { loadPackage } from './load-package.ts'

test('a package that is missing is told with the command that installs it', async () => {
  const name = ['@ucanpay', 'not-installed'].join('/')
  await expect(loadPackage(name, () => import(name))).rejects.toThrow(
    new KeySourceError('this key source needs a package that is not installed: npm install @ucanpay/not-installed'),
  )
})

test('a package that fails while it loads is told apart', async () => {
  const broken = (): Promise<never> => Promise.reject(new SyntaxError('…'))
  await expect(loadPackage('a', broken)).rejects.toThrow('the package a does not load (no code): npm install a')
})
