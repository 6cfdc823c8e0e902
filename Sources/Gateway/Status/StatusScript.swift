/// The script of the status page: fetches the page again and puts what has changed in its place.
///
/// What comes is parsed as an inert document, and only nodes, texts and attributes that differ are taken over: nothing
/// jumps, what is selected stays selected, and a screen reader hears of the first line alone. Nothing is ever written as
/// markup.
enum StatusScript {
    static let text: StaticString = """
        "use strict";
        (() => {
          const period = 5000, patience = 4000;
          const lost = document.getElementById("lost");
          let answered = new Date(), running = false;
          const isSame = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName;
          function take(old, fresh) {
            if (old.nodeType === Node.TEXT_NODE) {
              if (old.textContent !== fresh.textContent) old.textContent = fresh.textContent;
              return;
            }
            if (old.nodeType !== Node.ELEMENT_NODE) return;
            for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
            for (const { name, value } of fresh.attributes)
              if (old.getAttribute(name) !== value) old.setAttribute(name, value);
            const next = [...fresh.childNodes];
            while (old.childNodes.length > next.length) old.lastChild.remove();
            next.forEach((node, index) => {
              const present = old.childNodes[index];
              if (!present) old.append(document.importNode(node, true));
              else if (isSame(present, node)) take(present, node);
              else present.replaceWith(document.importNode(node, true));
            });
          }
          function tell(isLost) {
            if (isLost && lost.hidden) {
              const time = lost.querySelector("time");
              time.dateTime = answered.toISOString();
              time.textContent = answered.toLocaleTimeString(document.documentElement.lang);
            }
            lost.hidden = !isLost;
          }
          async function refresh() {
            if (running || document.hidden) return;
            running = true;
            try {
              const answer = await fetch(location.href, { cache: "no-store", signal: AbortSignal.timeout(patience) });
              if (!answer.ok) throw new Error(answer.status);
              const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
              for (const part of ["title", "link[rel=icon]", ".when", "main"])
                take(document.querySelector(part), fresh.querySelector(part));
              answered = new Date();
              tell(false);
            } catch {
              tell(true);
            }
            running = false;
          }
          setInterval(refresh, period);
          document.addEventListener("visibilitychange", refresh);
        })();
        """
}
