import { roomPath } from '../../../server/shared/routes.ts';
import type { JoinLink } from '../lib/join-link.ts';
import { initMenus } from '../lib/menus.ts';
import { initCodeBlocks } from './code-blocks.ts';
import { initEmojiPicker } from './emoji-picker.ts';
import type { HistoryNavigation } from './history-navigation.ts';
import { initInvite } from './invite.ts';
import { initLightbox } from './lightbox.ts';
import { Panel } from './panel/panel.ts';
import { initRoomJump } from './room-jump.ts';
import type { RoomRequests } from './room-requests.ts';
import { initScrollToEnd } from './scroll-to-end.ts';
import { initSettings } from './settings-dialog.ts';
import { Sidebar } from './sidebar.ts';
import { showStorageNote } from './storage-note.ts';
import type { Timeline } from './timeline.ts';

interface Options {
  readonly timeline: Timeline;
  readonly navigation: HistoryNavigation;
  readonly requests: RoomRequests;
  readonly joinLink: JoinLink;
}

/** The parts of the page around the messages, which need nothing of the connection. */
export function initPageParts({ timeline, navigation, requests, joinLink }: Options): void {
  new Sidebar(timeline.room);
  new Panel({
    path: roomPath(timeline.room),
    fetchPage: (address) => requests.html(address),
    showMessage: (id) => navigation.show(id),
  });
  initMenus();
  initRoomJump();
  initInvite(joinLink);
  initSettings();
  initEmojiPicker();
  initScrollToEnd(timeline);
  initLightbox();
  initCodeBlocks();
  showStorageNote();
}
