using AccountGrid.Domain.Partitions;
using AccountGrid.Host.Notices;

namespace AccountGrid.LoadTest.Simulation;

/// <summary>A row of the outbox.</summary>
internal sealed class SimMessage(NoticeEffect notice, int partition)
{
    public NoticeEffect Notice { get; set; } = notice;

    public long ConfirmedMs { get; set; }

    public int Partition { get; } = partition;

    public string State { get; set; } = "queued";

    public ComposedMessage? Composed { get; set; }

    public Guid? Token { get; set; }

    public int Attempts { get; set; }

    public int Way { get; set; }

    public DateTime NextAt { get; set; } = DateTimeOffset.FromUnixTimeMilliseconds(Math.Max(notice.AtMs, notice.NotBeforeMs)).UtcDateTime;

    /// <summary>Claims of it that nothing was heard of, after which it was anybody's again.</summary>
    public int Reclaims { get; set; }
}
