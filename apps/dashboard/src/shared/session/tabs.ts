/** What a tab tells the others of the same browser, which share its session. */
export type TabNews = 'signed-out' | 'signed-in' | 'mode'

const channel = new BroadcastChannel('ucanpay-session')

/** Tells the other tabs. */
export function tellTabs(news: TabNews): void {
  channel.postMessage(news)
}

/** Hears what other tabs tell. Returns how to stop. */
export function hearTabs(onNews: (news: TabNews) => void): () => void {
  const hear = (event: MessageEvent<TabNews>): void => onNews(event.data)
  channel.addEventListener('message', hear)
  return () => channel.removeEventListener('message', hear)
}
