using System.Text.Json;
using AccountGrid.Host.Notices;
using AccountGrid.Host.Security;

namespace AccountGrid.Host.Customers;

/// <summary>Channels of a contact as they are kept: sealed, with the keys by which they are found.</summary>
internal sealed class SealedChannels(PersonalData personal, ContactKeys keys)
{
    /// <param name="kept">What is kept now; null is nothing. A channel that is in it keeps its seal: a new one looks like another number, and ends the links
    /// that were sent to it.</param>
    /// <returns>JSON of the channels.</returns>
    public string Of(IReadOnlyList<ContactChannel> channels, string? kept)
    {
        var known = (kept is null ? null : JsonSerializer.Deserialize<List<ContactChannel>>(kept, JsonSerializerOptions.Web)) ?? [];
        var seals = known.DistinctBy(c => c with { To = personal.Unseal(c.To) }).ToDictionary(c => c with { To = personal.Unseal(c.To) }, c => c.To);
        return JsonSerializer.Serialize(
            channels.Select(c => new { c.Channel, To = seals.TryGetValue(c, out var seal) ? seal : personal.Seal(c.To), Keys = keys.Of(c.To) }),
            JsonSerializerOptions.Web);
    }
}
