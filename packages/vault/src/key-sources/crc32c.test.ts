import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'

const counted = Uint8Array.from({ length: 32 }, (_, at) => at)

// The five of RFC 3720 appendix B.4, whose bytes are in network order, and the check value of the CRC catalogue.
test.each([
  ['nothing', Buffer.alloc(0), 0],
  ['123456789', Buffer.from('123456789'), 0xe3069283],
  ['32 bytes of zeros', Buffer.alloc(32), 0x8a9136aa],
  ['32 bytes of ones', Buffer.alloc(32, 0xff), 0x62a8ab43],
  ['0 to 31', counted, 0x46dd794e],
  ['31 to 0', counted.toReversed(), 0x113fdb5c],
])('the sum of %s', (_what, bytes, sum) => {
  expect(crc32c(bytes)).toBe(sum)
})
