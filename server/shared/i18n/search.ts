import { defineMessages } from './define-messages.ts';

/** Search and history. */
export const search = defineMessages(
  {
    search: 'Search',
    'search-for': 'Search messages',
    'search-hint':
      'Finds messages with all these words. Use "quotes" for exact phrases, and from:ana or from:"Ana Li" for what a user wrote.',
    'search-scope': 'Where to search',
    'scope-room': 'This room',
    'scope-all': 'All rooms',
    'no-results': 'No results. Try fewer or shorter words, or search all rooms.',
    'result-count': { one: '{count} result', other: '{count} results' },
    'older-results': 'Older results',
    'still-indexing': 'Still indexing older messages ({percent}%). More results may appear later.',
    'back-to-room': 'Back to the room',
    'viewing-older': "You're viewing older messages.",
    'loading-newer-messages': 'Loading newer messages…',
    'newer-messages-failed': "Couldn't load newer messages.",
    'newer-messages': 'Newer messages',
  },
  {
    search: '搜索',
    'search-for': '搜索消息',
    'search-hint':
      '查找包含所有词的消息。用“引号”搜索完整短语，用 from:小明 或 from:"Ana Li" 查找某人的消息。',
    'search-scope': '搜索范围',
    'scope-room': '此聊天室',
    'scope-all': '所有聊天室',
    'no-results': '没有结果。可以减少或缩短搜索词，或搜索所有聊天室。',
    'result-count': '{count} 条结果',
    'older-results': '更早的结果',
    'still-indexing': '正在为较早的消息建立索引（{percent}%），稍后可能会有更多结果。',
    'back-to-room': '返回聊天室',
    'viewing-older': '你正在查看更早的消息。',
    'loading-newer-messages': '正在加载更新的消息…',
    'newer-messages-failed': '无法加载更新的消息。',
    'newer-messages': '更新的消息',
  },
);
