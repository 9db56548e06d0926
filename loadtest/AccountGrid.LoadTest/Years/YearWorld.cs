using AccountGrid.Domain.Commands;
using AccountGrid.Domain.Formats;
using AccountGrid.Streams.Postgres;

namespace AccountGrid.LoadTest.Years;

/// <summary>What a year is lived in: the grid, the clock, and everybody with their meters.</summary>
internal sealed class YearWorld(YearGrid grid, YearClock clock, int seed, Dictionary<string, YearPerson> byId)
{
    public YearGrid Grid => grid;

    public YearClock Clock => clock;

    public int Seed => seed;

    public List<YearPerson> People { get; } = [];

    /// <summary>By account id.</summary>
    public Dictionary<string, YearPerson> ById => byId;

    /// <summary>By account number.</summary>
    public Dictionary<int, YearPerson> ByNumber { get; } = [];

    public Dictionary<int, YearMeter> Meters { get; } = [];

    /// <summary>What the grid did with a command that it should not have done.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>A command for a person's account, as it is appended now.</summary>
    public LogAppend Append(YearPerson person, GridCommand command) => new(person.Partition, 1, LogRecords.Encode(clock.NowMs, command));
}
