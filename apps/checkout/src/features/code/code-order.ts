import { askGateway, type Refusal } from '../../shared/gateway.ts'

/** Where the buyer goes on, or why not. */
export type CodeAnswer = { readonly path: string } | Refusal

/** Places an order by a static code. @param totalAmt minor units */
export type CodeOrder = (totalAmt: number) => Promise<CodeAnswer>

const TOKEN_BYTES = 16

/**
 * Speaks for one static code, named by the token in the address. Pressed again after a failure, the same amount carries
 * the same form token: there is one order, not two.
 */
export function codeOrder(token: string): CodeOrder {
  let form = { totalAmt: 0, formToken: '' }
  return async (totalAmt) => {
    if (form.totalAmt !== totalAmt) form = { totalAmt, formToken: newFormToken() }
    const answer = await askGateway(`/checkout-api/codes/${encodeURIComponent(token)}/orders`, form)
    // The path alone: the order's page is of this very origin.
    return 'data' in answer ? { path: new URL((answer.data as { payUrl: string }).payUrl).pathname } : answer
  }
}

function newFormToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(TOKEN_BYTES))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
