using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AccountGrid.Domain.Events;
using AccountGrid.Host.Collections;
using AccountGrid.Host.Events;
using AccountGrid.Host.Http;
using AccountGrid.Testing;
using NJsonSchema;

namespace AccountGrid.Host.Tests.Events;

/// <summary>The page of events is made from the catalogue.</summary>
public sealed class EventPageTests
{
    private const string Head = """
        # Events

        What happened to accounts, for programs: as a list to read, and by [webhooks](webhooks.md). This page is made from the catalogue by a test.
        `GET /v1/events/kinds` answers the same, with the JSON Schema of each kind.

        ## Read them

        ```
        curl -s -H "Authorization: Bearer $K" "$U/v1/events?kind=payment.taken,bill.issued&limit=200"
        ```

        The answer is `{"data": [...], "nextCursor": "...", "hasMore": ...}`, with CloudEvents 1.0 in `data`. Roles: client, auditor, administrator.

        - Keep `nextCursor` together with what you made of the events, and ask again with `after=CURSOR`. It is never null. When `hasMore` is false, wait a
          second or longer before you ask again. A page can be empty although `hasMore` is true: of a rare kind, for example.
        - Nothing is left out, however long you were away and whatever fails in between. An event is in the list within about a second of what caused it.
        - An event has the same `id` whenever and wherever you get it. You may get one twice: remember the ids, or let the second time have no effect.
        - Events of an account are in order. Events of different accounts have no order; a page has them by time as far as that is known.
        - `kind` takes names of the table below, separated by commas; without it, all kinds come, later ones as well. `account` takes one account. A cursor
          belongs to its `kind` and `account`: with others it is refused (`event.cursor_invalid`).
        - Without `after`, the list begins with the oldest event that is kept. `after=now` begins with what happens from now on.
        - Events are kept as long as the books, unless `Events__RetentionDays` says less. A cursor from before that is refused with 410
          (`event.cursor_expired`), and never answered with a gap.
        - After the grid was restored from a backup, a cursor that is ahead of it is refused with 409 (`event.cursor_ahead`): begin without one. Positions
          behind the backup are used again, so ids from after it no longer name the same events: forget them, and see [operations](operations.md).
        - With `Accept: application/cloudevents-batch+json` the answer is a JSON array, and a `Link` header with `rel="next"` has the cursor.

        ## What is in them

        `type` is `accountgrid.`, the kind, and the version of its data. Within a version, members are only added: ignore what you do not know. `subject` and
        `partitionkey` are the account, `time` is when the grid took what caused the event, and `dataschema` is the path of the schema.
        The first two parts of an `id` are partition and position: a payment's answer has them as its id.

        Money is a decimal string and `currency` names its unit. Days are local days of the account. Energy is in watt-hours.
        What people wrote (reasons, notes, references), who decided, and a customer's situation and address are not in events, since what has left the grid
        cannot be erased. A program that needs them asks for the account, its entries or its timeline.

        An exception of a reading that opens is no event, because later readings often close it by themselves: `GET /v1/exceptions` has those that are open.
        That a bill is paid follows from `payment.taken` and `collection.relieved`; `GET /v1/accounts/{id}/customer` says what is open.


        """;

    [Fact]
    public async Task The_page_of_events_says_what_the_catalogue_says()
    {
        var page = new StringBuilder(Head).Append("| kind | what happened | members of `data` |\n|---|---|---|\n");
        foreach (var kind in EventCatalog.Kinds)
        {
            var schema = kind.Shape.Schema();
            var required = schema["required"]?.AsArray().Select(r => r!.GetValue<string>()).ToList() ?? [];
            var members = schema["properties"]!.AsObject().Select(p => $"`{p.Key}`{(required.Contains(p.Key) ? "" : "?")}{TypeOf(p.Value!)}");
            page.Append($"| `{kind.Name}` | {kind.Text} | {string.Join(", ", members)} |\n");
        }

        page.Append("\nA member with `?` can be absent. Of texts, days and instants the schema says more.\n\n## Examples\n\n```json\n");
        foreach (var name in new[] { "payment.taken", "bill.issued", "cut.refused" })
        {
            page.Append(JsonSerializer.Serialize(EventEndpoints.ExampleOf(EventCatalog.Find(name)!, "/accountgrid"), Indented)).Append('\n');
        }

        page.Append("```\n");
        if (Environment.GetEnvironmentVariable("ACCOUNTGRID_WRITE_GOLDEN") is { Length: > 0 } folder)
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "events.md"), page.ToString(), TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(Path.Combine(ComposeFile.Root, "docs", "events.md"), TestContext.Current.CancellationToken), page.ToString());
    }

    [Fact]
    public void Every_stored_event_is_public_or_is_left_out_for_a_reason()
    {
        var stored = typeof(AccountEvent).GetCustomAttributes<JsonDerivedTypeAttribute>().Select(a => (string)a.TypeDiscriminator!).Order().ToList();
        var known = EventCatalog.Kinds.Select(k => k.Stored).Distinct().Concat(EventCatalog.Inner.Keys).Except([EventCatalog.Entry]).Order();
        Assert.Equal(stored, known);
        Assert.Empty(EventCatalog.Kinds.Select(k => k.Stored).Intersect(EventCatalog.Inner.Keys));
        Assert.Equal(EventCatalog.Kinds.Count, EventCatalog.Kinds.Select(k => k.Name).Distinct().Count());
        Assert.All(EventCatalog.Kinds, k => Assert.Matches(@"^[a-z]+\.[a-z-]+$", k.Name));
    }

    /// <summary>Erasure can take these texts out of the database, and out of nothing that has left it.</summary>
    [Fact]
    public void No_text_that_can_be_erased_is_in_an_event()
    {
        foreach (var kind in EventCatalog.Kinds)
        {
            Assert.All(kind.Shape.Members, m => Assert.False(
                Erasure.IsText(kind.Stored, JsonNamingPolicy.CamelCase.ConvertName(m.Property.Name)), $"{kind.Name}: {m.Name}"));
            Assert.DoesNotContain(kind.Shape.Members, m => m.Name is "by" or "decidedBy" or "agreedBy" or "approvedBy" or "traits");
        }
    }

    [Fact]
    public async Task Every_example_is_what_its_schema_says_and_a_spoilt_one_is_not()
    {
        foreach (var kind in EventCatalog.Kinds)
        {
            var schema = await JsonSchema.FromJsonAsync(kind.Shape.Schema().ToJsonString(), TestContext.Current.CancellationToken);
            var example = kind.Example();
            Assert.Subset(kind.Shape.Example().Select(m => m.Key).ToHashSet(), example.Select(m => m.Key).ToHashSet());
            Assert.True(schema.Validate(example.ToJsonString()).Count == 0, $"{kind.Name}: {example.ToJsonString()}");
            foreach (var (name, value) in example.ToList())
            {
                example[name] = value!.GetValueKind() == JsonValueKind.Object ? JsonValue.Create(1) : new JsonObject();
                Assert.True(schema.Validate(example.ToJsonString()).Count > 0, $"{kind.Name} has a {name} of any type.");
                example[name] = value.DeepClone();
            }
        }
    }

    [Fact]
    public void Examples_are_of_different_events_and_agree_with_their_kinds()
    {
        var examples = EventCatalog.Kinds.ToDictionary(k => k.Name, k => EventEndpoints.ExampleOf(k, "/accountgrid"));
        Assert.Equal(examples.Count, examples.Values.Select(e => e.Id).Distinct().Count());
        string Text(string kind, string member) => examples[kind].Data[member]!.ToString();
        foreach (var (kind, step, go) in new[] { ("cut.planned", "planned", true), ("cut.released", "released", true), ("cut.refused", "refused", false) })
        {
            var interlock = examples[kind].Data["interlock"]!;
            Assert.Equal((step, go, go), (Text(kind, "step"), interlock["go"]!.GetValue<bool>(), interlock["reasons"]!.AsArray().Count == 0));
        }

        string[] days = [.. new[] { "fromDay", "toDay", "dueDay" }.Select(d => Text("bill.issued", d))];
        Assert.Equal(days.Order().Distinct(), days);
        Assert.Equal(["2026-11-01", "2026-11-30", "2026-12-30"], days);
        Assert.Equal(("on", "last-notice"), (Text("cut.warned", "from"), Text("cut.warned", "to")));
        Assert.Equal(("restoring", "on"), (Text("restore.confirmed", "from"), Text("restore.confirmed", "to")));
        Assert.Equal(("demand", "reminder"), (Text("collection.relieved", "from"), Text("collection.relieved", "to")));
    }

    private static readonly JsonSerializerOptions Indented = new(ApiJson.Options) { WriteIndented = true };

    private static string TypeOf(JsonNode schema) =>
        schema["enum"] is JsonArray names ? $" ({string.Join(", ", names.Select(n => n!.GetValue<string>()))})"
        : schema["type"]!.GetValue<string>() switch
        {
            "array" => " (list)",
            "object" => $" ({string.Join(", ", schema["properties"]!.AsObject().Select(p => p.Key))})",
            _ => "",
        };
}
