namespace AccountGrid.Host.Events;

/// <summary>A cursor cannot be read on: what is behind it is not kept for reading, or the grid stands before it.</summary>
internal sealed class EventExpiredException(Refusal refusal) : Exception(refusal.Detail)
{
    public Refusal Refusal { get; } = refusal;
}
