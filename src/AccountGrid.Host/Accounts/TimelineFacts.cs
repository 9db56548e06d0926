using System.Globalization;
using System.Reflection;
using AccountGrid.Domain;
using AccountGrid.Domain.Events;

namespace AccountGrid.Host.Accounts;

/// <summary>What an event says, in a form for people: by the names and types of its members, so that a new event needs nothing here.</summary>
internal static class TimelineFacts
{
    /// <summary>Members that are numbers inside the grid, or said by the row itself.</summary>
    private static readonly string[] Inner = ["Id", "AccountId", "CaseId", "NoticeId", "ComplaintId", "Policy", "By", "AgreedBy", "DecidedBy"];

    public static Dictionary<string, string> Of(AccountEvent happened)
    {
        var facts = new Dictionary<string, string>();
        foreach (var member in happened.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => !Inner.Contains(p.Name)))
        {
            if (TextOf(member.Name, member.GetValue(happened)) is var (name, text))
            {
                facts[name] = text;
            }
        }

        return facts;
    }

    /// <summary>The person who is in an event; null where none is.</summary>
    public static string? PersonOf(AccountEvent happened) =>
        new[] { "By", "AgreedBy", "DecidedBy" }.Select(n => happened.GetType().GetProperty(n)?.GetValue(happened) as string)
            .FirstOrDefault(p => p is { Length: > 0 });

    private static (string Name, string Text)? TextOf(string name, object? value)
    {
        string Cut(string suffix) => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(name[..^suffix.Length]);
        return value switch
        {
            string { Length: > 0 } text => (Cut(""), text),
            Enum known => (Cut(""), System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(known.ToString())),
            int day and > 0 when name.EndsWith("Day", StringComparison.Ordinal) && name != "Day" => (Cut("Day"), Instants.DayToText(day)),
            long ms and > 0 and < 253_402_300_800_000 when name.EndsWith("Ms", StringComparison.Ordinal) => (Cut("Ms"), Instants.ToText(ms)),
            Money amount when amount != Money.Zero => (Cut(""), amount.ToString()),
            long wh when name.EndsWith("Wh", StringComparison.Ordinal) => (Cut("Wh"), string.Create(CultureInfo.InvariantCulture, $"{wh / 1000m:0.###} kWh")),
            _ => null,
        };
    }
}
