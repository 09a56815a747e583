import { expect, test } from 'vitest'
import { isLoopbackAddress, isPublicAddress } from './address-ranges.ts'

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '93.184.216.34',
  '172.15.255.255', // One below 172.16.0.0/12.
  '172.32.0.1', // One above it.
  '100.63.255.255',
  '100.128.0.1',
  '169.253.255.255',
  '223.255.255.254',
  '2606:4700:4700::1111',
  '2001:4860:4860::8888',
  '2400:cb00::1',
])('%s is on the internet', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  ['this network', '0.0.0.0'],
  ['this network', '0.1.2.3'],
  ['loopback', '127.0.0.1'],
  ['loopback', '127.255.255.254'],
  ['private', '10.0.0.1'],
  ['private', '172.16.0.1'],
  ['private', '172.31.255.255'],
  ['private', '192.168.0.1'],
  ['carrier-grade NAT', '100.64.0.1'],
  ['carrier-grade NAT', '100.127.255.255'],
  ['metadata of a cloud', '100.100.100.200'],
  ['link local', '169.254.0.1'],
  ['metadata of a cloud', '169.254.169.254'],
  ['metadata of a cloud', '192.0.0.192'],
  ['metadata of a cloud, public by its number', '168.63.129.16'],
  ['protocol assignments', '192.0.0.1'],
  ['documentation', '192.0.2.1'],
  ['documentation', '198.51.100.1'],
  ['documentation', '203.0.113.1'],
  ['6to4 relay', '192.88.99.1'],
  ['benchmarking', '198.18.0.1'],
  ['benchmarking', '198.19.255.255'],
  ['multicast', '224.0.0.1'],
  ['multicast', '239.255.255.255'],
  ['reserved', '240.0.0.1'],
  ['broadcast', '255.255.255.255'],
  ['unspecified', '::'],
  ['loopback', '::1'],
  ['IPv4-mapped', '::ffff:127.0.0.1'],
  ['IPv4-mapped', '::ffff:7f00:1'],
  ['IPv4-mapped, of a public one', '::ffff:8.8.8.8'],
  ['IPv4-compatible', '::127.0.0.1'],
  ['IPv4-translated', '::ffff:0:127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'],
  ['NAT64 of a public one', '64:ff9b::808:808'],
  ['NAT64, local use', '64:ff9b:1::1'],
  ['6to4 of 127.0.0.1', '2002:7f00:1::'],
  ['6to4 of a public one', '2002:808:808::'],
  ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['ORCHID', '2001:20::1'],
  ['benchmarking', '2001:2::1'],
  ['documentation', '2001:db8::1'],
  ['documentation', '3fff::1'],
  ['discard only', '100::1'],
  ['unique local', 'fc00::1'],
  ['metadata of a cloud', 'fd00:ec2::254'],
  ['link local', 'fe80::1'],
  ['link local with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:4700:4700::1111%lo'],
  ['site local', 'fec0::1'],
  ['multicast', 'ff02::1'],
  ['not assigned', '4000::1'],
  ['segment routing', '5f00::1'],
])('%s: %s is not', (_range, address) => {
  expect(isPublicAddress(address)).toBe(false)
})

test.each(['', 'localhost', 'example.com', '0x08080808', '134744072', '8.8.2056', '010.8.8.8', '8.8.8.8/32', '[::1]'])(
  '"%s" is no address, so it is neither public nor this machine',
  (text) => {
    expect(isPublicAddress(text)).toBe(false)
    expect(isLoopbackAddress(text)).toBe(false)
  },
)

test.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['::ffff:127.0.0.1', false],
  ['128.0.0.1', false],
  ['0.0.0.0', false],
  ['::', false],
])('%s is this machine: %s', (address, answer) => {
  expect(isLoopbackAddress(address)).toBe(answer)
})
