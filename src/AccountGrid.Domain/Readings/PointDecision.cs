using System.Text.Json.Serialization;

namespace AccountGrid.Domain.Readings;

/// <summary>A person's decision about the value of a time, kept with the point: what was decided, and the value as it was.</summary>
/// <param name="Kind">Never <see cref="ReadingDecision.Withdraw"/>.</param>
/// <param name="KnownWh">The value before the first decision, Wh.</param>
/// <param name="KnownQuality">Its quality.</param>
/// <param name="Wh">Up to how much, in Wh as the register shows them, a difference is charged of <see cref="ReadingDecision.Accept"/> and
/// <see cref="ReadingDecision.Rollover"/>, or left out of
/// <see cref="ReadingDecision.SetBack"/>; the value that does not count of a conflict. What is more is judged as if nothing were decided.</param>
public sealed record PointDecision(ReadingDecision Kind, long KnownWh, ReadingQuality KnownQuality, long Wh)
{
    /// <summary>Whether it says that the value is the register's, whatever lies before it.</summary>
    [JsonIgnore]
    public bool IsRight => Kind is ReadingDecision.Accept or ReadingDecision.Rollover or ReadingDecision.SetBack;
}
