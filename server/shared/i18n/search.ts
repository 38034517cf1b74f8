import { defineMessages } from './define-messages.ts';

/** Searching a room, and looking at its past. */
export const search = defineMessages(
  {
    search: 'Search',
    'search-for': 'What to search for',
    'search-is': 'All words have to be in a message; "words in quotes" have to stand together.',
    'nothing-found': 'Nothing was found.',
    'older-found': 'Older ones',
    'still-indexing':
      'Older messages are still being indexed ({percent} % are done): more may be found in a while.',
    'back-to-room': 'Back to the room',
    'is-past': 'You are looking at the past.',
    'to-present': 'Back to the present',
    'loading-newer': 'Loading newer messages…',
    'newer-failed': 'Newer messages could not be loaded.',
    newer: 'Newer messages',
  },
  {
    search: '搜索',
    'search-for': '要搜索的内容',
    'search-is': '消息须包含所有的词；“引号”中的词须连在一起。',
    'nothing-found': '没有找到。',
    'older-found': '更早的结果',
    'still-indexing': '较早的消息还在编入索引（已完成 {percent}%），过一会儿可能会找到更多。',
    'back-to-room': '回到聊天室',
    'is-past': '你在看以前的消息。',
    'to-present': '回到现在',
    'loading-newer': '正在加载更新的消息…',
    'newer-failed': '更新的消息没能加载。',
    newer: '更新的消息',
  },
);
