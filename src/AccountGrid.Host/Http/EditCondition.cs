using System.Globalization;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace AccountGrid.Host.Http;

/// <summary>
/// On what a PUT depends (RFC 9110, sections 13.1.1 and 13.1.2): <c>If-Match</c> with the tag of what was read, or <c>If-None-Match: *</c> where there must be
/// none yet. Whoever writes a row looks at it in the transaction that writes, with the row locked. A tag says when the row was last changed, and nothing of
/// what is in it.
/// </summary>
internal readonly record struct EditCondition(StringValues Match, StringValues NoneMatch)
{
    public static EditCondition Of(HttpContext http) => new(http.Request.Headers.IfMatch, http.Request.Headers.IfNoneMatch);

    /// <summary>The tag of a row; null where there is none.</summary>
    public static string? TagOf(DateTimeOffset? changedAt) =>
        changedAt is { } at ? string.Create(CultureInfo.InvariantCulture, $"\"{at.UtcTicks / TimeSpan.TicksPerMicrosecond:x}\"") : null;

    /// <summary>Why it does not hold, or cannot be read; null where there is none or it holds.</summary>
    /// <param name="changedAt">Of the row, which is locked; null where there is none.</param>
    public Refusal? WhyNot(DateTimeOffset? changedAt)
    {
        var now = TagOf(changedAt);
        if (Match.Count > 0)
        {
            if (!EntityTagHeaderValue.TryParseStrictList(Match, out var tags))
            {
                return new(
                    RequestRefusals.Invalid, $"If-Match: '{Match}' is not a tag in quotation marks as an ETag header gave it, several with commas, or *.");
            }

            if (now is null || !tags.Any(t => t.Tag == "*" || (!t.IsWeak && t.Tag == now)))
            {
                return new(RequestRefusals.ChangedSince, now is null
                    ? "If-Match: there is nothing yet that could be changed."
                    : $"If-Match: '{Match}' is not the tag that it has now: it was changed since it was read. Read it again.");
            }
        }

        return NoneMatch.Count == 0 ? null
            : NoneMatch.ToString() != "*" ? new(RequestRefusals.Invalid, $"If-None-Match: '{NoneMatch}' is not *, which is: only where there is none yet.")
            : now is not null ? new(RequestRefusals.ChangedSince, "If-None-Match: there is one already.")
            : null;
    }
}
