using System.Text.Json.Nodes;

namespace AccountGrid.Host.Events;

/// <summary>Members of examples that have to agree with each other, or with the kind; all others are made from names and types.</summary>
internal static class EventExamples
{
    private static readonly Dictionary<string, string> Members = new()
    {
        ["bill.issued"] = """{"id":"2026-11","fromDay":"2026-11-01","toDay":"2026-11-30","dueDay":"2026-12-30","isFinal":false}""",
        ["collection.overdue"] = """{"from":"reminder","to":"due","overdueDays":12}""",
        ["collection.relieved"] = """{"from":"demand","to":"reminder","overdueDays":3}""",
        ["cut.confirmed"] = """{"from":"cut-released","to":"cut","cause":"arrears"}""",
        ["cut.planned"] = """{"step":"planned","interlock":{"go":true,"reasons":[],"policy":"cn-residential/1"}}""",
        ["cut.refused"] = """{"step":"refused","interlock":{"go":false,"reasons":[{"code":"interlock.hold"}],"policy":"cn-residential/1"}}""",
        ["cut.released"] = """{"step":"released","interlock":{"go":true,"reasons":[],"policy":"cn-residential/1"}}""",
        ["cut.warned"] = """{"from":"on","to":"last-notice","cause":"arrears"}""",
        ["cut.withdrawn"] = """{"from":"cut-planned","to":"on","cause":"none"}""",
        ["restore.begun"] = """{"from":"cut","to":"restoring","cause":"arrears"}""",
        ["restore.confirmed"] = """{"from":"restoring","to":"on","cause":"none"}""",
    };

    /// <summary>The members of a kind's example that are given by hand.</summary>
    public static JsonObject Of(string kind) => JsonNode.Parse(Members.GetValueOrDefault(kind, "{}"))!.AsObject();
}
