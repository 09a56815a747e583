import { expect, test } from 'vitest'
import { apiOrigin, firstRequest } from './first-request.ts'

test('the API is two ports below the dashboard', () => {
  expect(apiOrigin('https://localhost:8445')).toBe('https://localhost:8443')
  expect(apiOrigin('https://pay.example.com:8445')).toBe('https://pay.example.com:8443')
})

test('behind a proxy the address is left to the reader', () => {
  expect(firstRequest(apiOrigin('https://dashboard.example.com'))).toMatch(
    /^curl https:\/\/YOUR-GATEWAY\/payment\/unifiedorder /,
  )
})

test('the installation’s own authority is given on one’s own machine alone', () => {
  expect(firstRequest('https://localhost:8443')).toContain('--cacert .ucanpay/tls/ca.pem')
  expect(firstRequest('https://pay.example.com:8443')).not.toContain('--cacert')
})

test('no key stands in the request, and its body is JSON', () => {
  const request = firstRequest('https://localhost:8443')
  expect(request).toContain('Bearer $KEY')
  expect(JSON.parse(/-d '(.*)'$/.exec(request)?.[1] ?? '')).toMatchObject({ totalAmt: 450, sceneType: 'MWEB' })
})
