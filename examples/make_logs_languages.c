/* The generator's languages: see make_logs_languages.h. */
#include "examples/make_logs_languages.h"

const struct language_source language_sources[LANGUAGE_COUNT] = {
    {"English", 530, " ",
     "Please proofread this paragraph about the {a} {n} and fix the grammar.\n"
     "Rewrite this so that it sounds more {a}: the {n} {v} the {n}.\n"
     "Write an email to my landlord about the {n} and the {a} {n}.\n"
     "Help me draft a cover letter for a job in {n} at {x}.\n"
     "Translate this into French: the {a} {n} {v} the {n}.\n"
     "Translate the following from German to English, it is about a {n}.\n"
     "Summarize this article about {n} and {n} in {d} words.\n"
     "Give me arguments for and against a {a} {n}, as an essay outline.\n"
     "Write a short story about a {a} {n} who {v} the {n}.\n"
     "Write a poem about {n} and the {a} {n} of {x}.\n"
     "How do I repair a {n} when the {n} is {a}?\n"
     "How can I get my {n} to stop being so {a}?\n"
     "Explain {n} to me step by step as if I were a student with an exam on {n}.\n"
     "Can you teach me the basics of {n}? I never understood the {a} part.\n"
     "Brainstorm ideas for the name of a {n} shop that sells {n}.\n"
     "What is a good workout for a {a} back and {d} minutes a day?\n"
     "Is it healthy to eat {n} every day, or is my diet too {a}?\n"
     "Calculate how much {n} I need for {d} people if each takes {d}.\n"
     "Solve the equation for the {n}, with {d} and {d} given.\n"
     "Analyze this table of {n} by month and tell me which {n} is {a}.\n"
     "Write a Python function that sorts a list of {n} by {n}.\n"
     "I get an error in my code when the {n} is {a}, can you debug it?\n"
     "Why does this SQL query return {d} rows for {n}?\n"
     "Create an image of a {a} {n} on a {n}, in the style of {x}.\n"
     "What is in this picture? It shows a {n} beside a {a} {n}.\n"
     "Make a short jingle for the {n} of {x}.\n"
     "What is the history of {n} in {x}?\n"
     "Who discovered {n}, and when was it {v}?\n"
     "What happened in the news about {n} and {x} this week?\n"
     "Which {n} should I buy under {d} dollars, the {x} or the {x}?\n"
     "Give me a recipe for {a} {n} soup with {n}.\n"
     "Hello! How are you today?\n"
     "Thanks, that was {a}.\n"
     "I feel lonely since my {n} {v} and my friends are {a}.\n"
     "Let's play a game: you are a {a} {n} and I am the {n} of {x}.\n"
     "Which model are you, and can you remember our {n}?\n"
     "Make it {a} and shorter, please.\n"
     "Continue.\n"
     "And what about the {n}?\n"
     "No, I meant the {a} one from {x} — the one that {v} the {n}.\n",
     "The {a} {n} {v} the {n} of {x}.\n"
     "A {n} is rarely {a}, but the {n} can be.\n"
     "In most cases the {n} {v} a {a} {n} before the {n} is ready.\n"
     "It’s worth checking whether the {n} {v} the {n}, since a {a} {n} may not.\n"
     "You don't need more than {d} of them for a {a} {n}.\n"
     "According to the {n}, about {d} in {d} people {v} the {n}.\n"
     "If the {n} is {a}, move the {n} to the {n} and wait for {d} minutes.\n"
     "As \"{x}\" puts it, every {n} begins with a {a} {n}.\n"
     "The so-called “{a} {n}” {v} both the {n} and the {n}.\n"
     "However, the {n} of a {n} depends on the {a} {n} around it.\n"
     "First, look at the {n}; then compare it with the {a} {n} from {x}.\n"
     "This means that the {n} {v} more than the {n} (see the {n} in part {d}).\n"
     "There are {d} kinds of {n}: {a}, {a} and {a}.\n"
     "Many people {v} the {n} when they should have used a {n}.\n"
     "For example, {x} {v} a {n} in {d} and it was {a} for years.\n"
     "Try to keep the {n} as {a} as possible, or the {n} will be {a}.\n"
     "That is why a {a}, {a} {n} is better than any {n}.\n"
     "Between {d} and {d}, the {n} {v} nearly every {a} {n}.\n",
     "time year people way day man thing woman life child world school state family student group "
     "country problem hand part place case week company system program question work government "
     "number night point home water room mother area money story fact month lot right study book "
     "eye job word business issue side kind head house service friend father power hour game line "
     "end member law car city community name president team minute idea kid body information back "
     "parent face others level office door health person art war history party result change "
     "morning reason research girl guy moment air teacher force education foot boy age policy "
     "music market sense nation plan college interest death experience effect use class control "
     "field development role effort rate heart drug show leader light voice wife police mind price "
     "report decision son view relationship town road arm difference value building action season "
     "society tax director position player record paper space ground form event official matter "
     "center couple site project activity star table need court oil situation cost industry figure "
     "street image phone data picture practice piece land product doctor wall patient worker news "
     "test movie north love step garden engine bridge river kitchen window letter signal sample "
     "method pattern theory machine surface battery bottle carpet cheese circuit coffee copper "
     "cotton crystal desert diagram doorway drawer editor element fabric ferry filter fountain "
     "furnace glacier hammer harvest island journal ladder lantern library magnet marble meadow "
     "mirror mountain needle notebook orchard painter pepper pigeon planet pocket puzzle railway "
     "rocket saddle salmon shelter silver spider station statue stream sugar tailor temple ticket "
     "timber tunnel valley vessel village violin wagon whistle winter workshop",
     "good new first last long great little own other old right big high different small large "
     "next early young important few public bad same able free full special easy clear recent "
     "certain personal open red difficult available likely short single medical current wrong "
     "private past foreign fine common poor natural significant similar hot dead central happy "
     "serious ready simple left physical general environmental financial blue democratic dark "
     "various entire close legal religious cold final main green nice huge popular traditional "
     "cultural bright careful cheap clean clever curious deep delicate dense dry eager empty even "
     "familiar famous flat fragile fresh gentle heavy honest hollow humble idle joint keen late "
     "lively local loose loud mild modest narrow neat noisy odd pale patient plain polite proud "
     "quick quiet rapid rare raw rough round safe sharp slow smooth soft solid steady steep "
     "strange strict strong sudden sweet tall thick thin tight tiny tough usual vague vast warm "
     "weak wide wild wise wooden",
     "saw made took found gave told asked used tried called kept let began helped showed heard "
     "played ran moved liked lived believed held brought wrote provided sat stood lost paid met "
     "included continued set learned changed led understood watched followed stopped created spoke "
     "read allowed added spent grew opened walked won offered remembered loved considered appeared "
     "bought waited served died sent expected built stayed fell cut reached killed remained "
     "suggested raised passed sold required reported decided pulled carried broke covered crossed "
     "divided drove echoed entered filled fixed forced gathered guarded hid hunted ignored joined "
     "lifted marked measured mixed named needed noticed ordered packed painted planned poured "
     "printed proved rented repaired replaced rolled saved shook shared signed sorted stored "
     "studied tested tied touched traded turned visited washed weighed wrapped"},
    {"Spanish", 85, " ",
     "¿Cómo puedo arreglar {n} si está {a}?\n"
     "Traduce esto al inglés: {n} {v} {n}.\n"
     "Escribe un cuento corto sobre {n} y {n}.\n"
     "¿Qué opinas de {n}? Me parece {a}.\n"
     "Resume este texto en {d} palabras.\n",
     "La idea es que {n} {v} {n} cuando es {a}.\n"
     "Además, {n} y {n} son más {a} de lo que parece.\n"
     "En general, {n} {v} a {n} después de {d} días.\n"
     "¡Claro! También se puede usar {n} en lugar de {n}.\n"
     "No es {a}, pero mañana {n} será otra cosa.\n",
     "casa tiempo día año niño mundo ciudad agua camino libro mesa puerta canción país gente noche "
     "mañana trabajo dinero corazón historia jardín árbol río luz mar montaña calle tren ventana",
     "grande pequeña nuevo vieja fácil difícil rápida lenta feliz triste cálido frío útil hermoso",
     "encontró mira tiene hacía quiere llevó abre cerró sigue cambió necesita recuerda"},
    {"German", 65, " ",
     "Wie repariere ich {n}, wenn es zu {a} ist?\n"
     "Übersetze das bitte ins Englische: {n} {v} {n}.\n"
     "Schreibe eine kurze Geschichte über {n} und {n}.\n"
     "Kannst du mir {n} erklären? Das ist mir zu {a}.\n"
     "Fasse den Text in {d} Sätzen zusammen.\n",
     "Zuerst {v} man {n}, danach {n}.\n"
     "Das ist {a}, weil {n} und {n} zusammengehören.\n"
     "Nach etwa {d} Minuten {v} auch {n}.\n"
     "„{n}“ heißt hier nicht immer {n}.\n"
     "Natürlich {v} niemand gern {n}, wenn {n} {a} ist.\n",
     "Haus Zeit Jahr Welt Straße Mühle Tür Bücher Schlüssel Garten Brücke Fluss Wälder Fenster "
     "Arbeit Frage Antwort Geschichte Werkzeug Schule Küche Gemüse Bahnhof Nachbarschaft "
     "Versicherung Steuererklärung",
     "groß klein schön alt neu schnell langsam fröhlich müde gefährlich nützlich einfach schwierig",
     "sucht findet öffnet schließt braucht bringt ändert liest prüft baut verliert erklärt"},
    {"Chinese", 60, "",
     "请帮我写一篇关于{n}的文章。\n"
     "{n}为什么{v}{n}？\n"
     "把这句话翻译成英文：{n}{v}{n}。\n",
     "首先，{a}的{n}{v}{n}。\n"
     "因此{n}和{n}都很{a}。\n"
     "如果{n}{a}，我们可以{v}{n}。\n",
     "时间 世界 城市 学校 问题 朋友 工作 电脑 书 水 山 花园 程序 数据 家庭",
     "大 小 新 重要 简单 美丽 快 安静", "看见 需要 喜欢 改变 帮助 理解 写"},
    {"French", 60, " ",
     "Comment réparer {n} quand c’est trop {a} ?\n"
     "Traduis en anglais : {n} {v} {n}.\n"
     "Écris une histoire courte sur {n} et {n}.\n"
     "Peux-tu m'expliquer {n} en {d} lignes ?\n",
     "D'abord, {n} {v} {n}, même si c’est {a}.\n"
     "Il faut « {n} » et {n} pour être {a}.\n"
     "Voilà pourquoi {n} {v} toujours {n} après {d} heures.\n"
     "L'idée est {a}, mais {n} reste à part.\n",
     "maison temps année école été forêt rivière fenêtre garçon leçon livre chemin pain fromage "
     "théâtre hôtel gare ville soleil lumière mémoire bibliothèque",
     "grand petite beau nouvelle difficile facile légère âgé précieux utile française",
     "cherche trouve écoute prépare regarde achète rêve perd garde change"},
    {"Portuguese", 50, " ",
     "Como posso consertar {n} se está {a}?\n"
     "Traduza para o inglês: {n} {v} {n}.\n"
     "Escreva uma história curta sobre {n} e {n}.\n",
     "A questão é que {n} {v} {n} quando é {a}.\n"
     "Além disso, {n} e {n} não são {a}.\n"
     "Depois de {d} dias, {n} {v} {n} outra vez.\n",
     "casa tempo ano criança coração cidade água caminho livro mãe pão canção país noite manhã "
     "trabalho dinheiro história jardim árvore",
     "grande pequena novo velha fácil difícil rápida feliz útil bonito",
     "encontrou vê tem fazia quer levou abre fechou segue mudou precisa"},
    {"Russian", 50, " ",
     "Помоги написать текст про {n}.\n"
     "Почему {n} {v} {n}?\n",
     "В этом случае {n} {v} {n}.\n"
     "Кроме того, {n} и {n} всегда {a}.\n"
     "Через {d} дней {n} {v} {n}.\n",
     "дом время год мир город вода книга школа работа вопрос друг лес река окно поезд",
     "большой новый старый важный тихий", "видит ищет находит любит читает"},
    {"Japanese", 40, "",
     "{n}について短い文章を書いてください。\n"
     "なぜ{n}は{a}のですか？\n"
     "この文を英語に訳して：{n}が{n}を{v}。\n",
     "まず、{n}が{n}を{v}。\n"
     "そのため{n}と{n}はとても{a}です。\n"
     "もし{n}が{a}なら、{n}を{v}ことができます。\n",
     "時間 世界 学校 問題 友達 仕事 本 水 山 庭 料理 電車 猫 カメラ ホテル テスト",
     "大切 新しい 静か 簡単 小さい 早い", "見る 使う 書く 作る 読む 変える"},
    {"Arabic", 20, " ",
     "كيف يمكنني إصلاح {n} إذا كان {a}؟\n"
     "اكتب قصة قصيرة عن {n} و {n}.\n",
     "في هذه الحالة {n} {v} {n}.\n"
     "لذلك، {n} و {n} شيء {a}.\n"
     "بعد {d} أيام {v} {n}.\n",
     "بيت وقت عام عالم مدينة ماء كتاب مدرسة عمل سؤال صديق نهر قطار نافذة",
     "كبير جديد قديم مهم هادئ", "يرى يبحث يجد يحب يقرأ"},
    {"Hindi", 20, " ",
     "{n} के बारे में एक छोटी कहानी लिखो।\n"
     "{n} इतना {a} क्यों है?\n",
     "इस मामले में {n} {n} को {v} है।\n"
     "इसलिए {n} और {n} बहुत {a} हैं।\n"
     "लगभग {d} दिन बाद {n} {v} है।\n",
     "घर समय साल दुनिया शहर पानी किताब स्कूल काम सवाल दोस्त नदी खिड़की रेलगाड़ी", "बड़ा नया पुराना ज़रूरी शांत",
     "देखता खोजता पाता पढ़ता लिखता"},
    {"Korean", 20, " ",
     "{n} 대한 짧은 글을 써 주세요.\n"
     "왜 {n} {v} {n} 있나요?\n",
     "이 경우 {n} {a} {n} {v}.\n"
     "그래서 {n} 그리고 {n} 매우 {a}.\n"
     "약 {d} 일 후에 {n} {v}.\n",
     "집 시간 세계 도시 물 책 학교 일 질문 친구 강 창문 기차 정원",
     "큰 새로운 오래된 중요한 조용한", "봅니다 찾습니다 읽습니다 씁니다 바꿉니다"},
};

const char *const language_openings = "Sure! 😊\n"
                                      "Certainly. Here’s what I found:\n"
                                      "Great question! 🎉\n"
                                      "Of course.\n"
                                      "I'm sorry for the confusion.\n"
                                      "Here is a step-by-step answer:\n"
                                      "“It depends” is the short answer…\n"
                                      "## Overview\n"
                                      "Absolutely – let’s go 🚀\n"
                                      "**In short:**\n";

const char *const language_closings = "Let me know if you'd like more detail!\n"
                                      "I hope this helps 👍\n"
                                      "Would you like me to go on?\n"
                                      "Happy to adjust the tone\\style if needed.\n"
                                      "Good luck! 🍀👩‍🍳\n";

const char *const language_snippets[SNIPPET_COUNT] = {
    "```python\ndef count_words(text):\n    \"\"\"Return a dict of word counts.\"\"\"\n"
    "    counts = {}\n    for word in re.findall(r\"\\w+\", text.lower()):\n"
    "        counts[word] = counts.get(word, 0) + 1\n    return counts\n```",
    "```c\n#include <stdio.h>\n\nint main(void)\n{\n\tprintf(\"%s\\n\", \"hello\\tworld\");\n"
    "\treturn 0; /* done */\n}\n```",
    "```sql\nSELECT m.name, COUNT(*) AS n\nFROM members m LEFT JOIN orders o ON o.member_id = "
    "m.id\n"
    "WHERE m.city <> 'none'\nGROUP BY m.name HAVING COUNT(*) > 3;\n```",
    "```javascript\nconst pick = (list, key) => list.map(({ [key]: value }) => value ?? null);\n"
    "console.log(`picked ${pick(rows, 'size').length} rows`);\n```",
    "```json\n{\n  \"name\": \"demo\",\n  \"flags\": [true, false, null],\n"
    "  \"path\": \"C:\\\\temp\\\\new\"\n}\n```",
    "```sh\nset -eu\nfor f in *.txt; do\n\tgrep -c '^[a-z]*$' \"$f\" || echo \"none in "
    "$f\"\ndone\n```",
    "$$\\int_0^1 x^2\\,dx = \\frac{1}{3}$$ and so \\(a^2 + b^2 = c^2\\).",
    "| item | count |\n|------|------:|\n| bolts | 12 |\n| nuts | 40 |\n\n<b class=\"x\">done</b> "
    "&amp; "
    "dusted",
};
