import type { ShownStaticCode } from '@ucanpay/wire/static-code-order'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { AmountPage } from '../features/code/amount-page.tsx'
import type { CodeOrder } from '../features/code/code-order.ts'
import { OutcomePage } from '../features/order/outcome-page.tsx'
import { t } from '../shared/texts.ts'

/** The page of a static code, and what it says where there is none or it is switched off. */
export function CodeApp(props: { readonly code: ShownStaticCode | undefined; readonly order: CodeOrder }): JSX.Element {
  const { code, order } = props
  useEffect(() => {
    if (code) document.title = t('title', { merchant: code.merchantName })
  }, [code])
  return (
    <>
      {code?.mode === 'test' ? <aside class="test-mode">{t('testMode')}</aside> : null}
      <main>
        {code?.enabled ? <AmountPage code={code} order={order} /> : null}
        {code && !code.enabled ? (
          <OutcomePage
            symbol="stop"
            title={t('codeOffTitle')}
            text={t('codeOffText', { merchant: code.merchantName })}
          />
        ) : null}
        {code ? null : <OutcomePage symbol="stop" title={t('codeUnknownTitle')} text={t('codeUnknownText')} />}
      </main>
    </>
  )
}
