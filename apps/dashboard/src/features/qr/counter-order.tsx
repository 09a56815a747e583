import { Link } from '@tanstack/react-router'
import type { TradeStatus } from '@ucanpay/wire/statuses'
import { useState, type ReactNode } from 'react'
import type { Data } from '../../shared/api/client.ts'
import { useApi } from '../../shared/api/queries.ts'
import { TradeBadge } from '../../shared/components/badge.tsx'
import { Button } from '../../shared/components/button.tsx'
import { QrCode, QrDownloads } from '../../shared/components/qr-code.tsx'
import { ErrorState, Skeleton } from '../../shared/components/states.tsx'
import { Code, Money, Time } from '../../shared/components/values.tsx'
import { formatMoney } from '../../shared/format/money.ts'
import { useLanguage, useTexts } from '../../shared/texts/language.ts'
import { TEXTS } from './texts.ts'

type Payment = Data<'GET /dashboard-api/payments/{ucpOrderNo}'>['payment']

/** How often an unpaid order is looked at, while the page is. The looks do not keep the session awake. */
const LOOK_MS = 3_000
const OPEN: readonly TradeStatus[] = ['NOTPAY', 'USERPAYING']
const PAID: readonly TradeStatus[] = ['SUCCESS', 'AUTHORIZED']

/** The order's code, large, until it is paid; then that it is. */
export function CounterOrder(props: { readonly ucpOrderNo: string; readonly onNext: () => void }): ReactNode {
  const { ucpOrderNo, onNext } = props
  const t = useTexts(TEXTS)
  const [settled, setSettled] = useState(false)
  const { data, error, refetch } = useApi(
    'GET /dashboard-api/payments/{ucpOrderNo}',
    { params: { ucpOrderNo } },
    settled ? {} : { refetchInterval: LOOK_MS },
  )
  if (data && !settled && !OPEN.includes(data.payment.tradeStatus)) setSettled(true)
  if (error) return <ErrorState failure={error} onRetry={() => void refetch()} />
  if (!data) return <Skeleton lines={8} />
  const { payment } = data
  return (
    <section className="section qr-order">
      <p className="qr-price">
        <Money amount={payment.totalAmt} currency={payment.currency} />
      </p>
      <p>{payment.subject}</p>
      <Standing payment={payment} />
      {payment.payUrl !== undefined && OPEN.includes(payment.tradeStatus) ? (
        <OpenCode payment={payment} payUrl={payment.payUrl} />
      ) : null}
      <div className="qr-next no-print">
        <Button tone={OPEN.includes(payment.tradeStatus) ? 'plain' : 'primary'} onClick={onNext}>
          {t('again')}
        </Button>
        <Link to="/payments/$ucpOrderNo" params={{ ucpOrderNo }} className="button quiet">
          {t('toPayment')}
        </Link>
      </div>
    </section>
  )
}

/** Where the order stands, said aloud when it changes. */
function Standing({ payment: { tradeStatus, expiresAt } }: { readonly payment: Payment }): ReactNode {
  const t = useTexts(TEXTS)
  const open = OPEN.includes(tradeStatus)
  return (
    <div className="qr-standing no-print" role="status">
      {PAID.includes(tradeStatus) ? (
        <p className="qr-paid">
          <svg className="symbol" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M4 12.5l5.5 5.5L20 6.5" />
          </svg>
          {t('paid')}
        </p>
      ) : (
        <p>
          <TradeBadge status={tradeStatus} />{' '}
          {open ? t(tradeStatus === 'USERPAYING' ? 'paying' : 'waiting') : t('over')}
        </p>
      )}
      {open ? (
        <p className="soft small">
          {t('until')} <Time at={expiresAt} />
        </p>
      ) : null}
    </div>
  )
}

function OpenCode({ payment, payUrl }: { readonly payment: Payment; readonly payUrl: string }): ReactNode {
  const t = useTexts(TEXTS)
  const amount = formatMoney(payment.totalAmt, payment.currency, useLanguage())
  const { subject, outTradeNo } = payment
  return (
    <>
      <QrCode text={payUrl} label={t('code', { amount, subject })} />
      <QrDownloads
        text={payUrl}
        name={`order-${outTradeNo}`}
        lines={[amount, subject, `${t('number')} ${outTradeNo}`]}
      />
      <p className="qr-link small no-print">
        <Code text={payUrl} what={t('link')} />
      </p>
    </>
  )
}
