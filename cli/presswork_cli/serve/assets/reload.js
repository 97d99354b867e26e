// Loads the page again when the server has a newer revision of the site. A page that nobody looks at
// asks for nothing: browsers open six connections to a server, for all of its pages together.
(() => {
  const { revision } = document.currentScript.dataset;
  let events = null;
  function listen() {
    stop();
    events = new EventSource("/-/serve/events");
    events.onmessage = (event) => {
      if (event.data !== revision) {
        stop();
        location.reload();
      }
    };
  }
  function stop() {
    if (events) events.close();
    events = null;
  }
  function follow() {
    if (document.hidden) stop();
    else listen();
  }
  document.addEventListener("visibilitychange", follow);
  addEventListener("pagehide", stop);
  addEventListener("pageshow", follow);
})();
