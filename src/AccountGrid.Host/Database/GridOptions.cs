using System.ComponentModel.DataAnnotations;

namespace AccountGrid.Host.Database;

/// <summary>Settings of a grid process; section <c>Grid</c> of the configuration. Each has its unit, its range and a default that suits one machine.</summary>
public sealed class GridOptions
{
    /// <summary>Partitions of the log; fixed when the grid is made.</summary>
    [Range(1, short.MaxValue)]
    public int Partitions { get; set; } = 256;

    /// <summary>
    /// How far apart group commits of readings begin under load, milliseconds; large ones half as far. The first after a pause begins at once.
    /// </summary>
    [Range(0, 10_000)]
    public int CommitSpacingMs { get; set; } = 20;

    /// <summary>How soon the fold's effects (entries, notices, due rows) are in the database, milliseconds.</summary>
    [Range(1, 60_000)]
    public int EffectsPeriodMs { get; set; } = 250;

    /// <summary>
    /// Rows of effects that a partition writes at once: after a bulk registration, or a replay, there are millions, and one statement for all could outlast its
    /// time limit.
    /// </summary>
    [Range(1, 1_000_000)]
    public int EffectsRowsMax { get; set; } = 5_000;

    /// <summary>
    /// Records whose effects a partition may have in memory only before a bulk registration is told to wait: each of its lines makes half a dozen rows. Normal
    /// is half of it.
    /// </summary>
    [Range(1, 10_000_000)]
    public int RegistrationLagMax { get; set; } = 50_000;

    /// <summary>How long effects of one partition wait for those of others, milliseconds, so that they share a transaction.</summary>
    [Range(0, 10_000)]
    public int EffectsGroupMs { get; set; } = 50;

    /// <summary>How often a partition writes the states that changed, seconds. Longer costs replay after a crash, shorter costs writes.</summary>
    [Range(1, 86_400)]
    public int StatePeriodSeconds { get; set; } = 120;

    /// <summary>How often a partition looks for accounts that are due, seconds; the reminder behind it comes every minute.</summary>
    [Range(1, 3_600)]
    public int SweepPeriodSeconds { get; set; } = 5;

    /// <summary>
    /// How long the log is kept, hours; longer where recovery or a day that is not closed needs it, which is 51 hours where days close in time.
    /// </summary>
    [Range(0.0, 1_000_000.0)]
    public double LogRetainHours { get; set; } = 7 * 24;

    /// <summary>How far ahead of the grid's clock a reading's time may be, milliseconds: meters' clocks drift.</summary>
    [Range(0, 86_400_000)]
    public int ClockDriftMs { get; set; } = 5 * 60 * 1000;

    /// <summary>Folder of the file sink for notices; relative to the data folder.</summary>
    [ShownSetting]
    public string NoticeFolder { get; set; } = "notices";

    /// <summary>Silo-to-silo port; 0 derives one from the data folder.</summary>
    [Range(0, 65_535)]
    public int SiloPort { get; set; }

    /// <summary>Port that the silo listens on where another one leads to it (a container's port, a proxy); 0 is <see cref="SiloPort"/> itself.</summary>
    [Range(0, 65_535)]
    public int SiloListenPort { get; set; }

    /// <summary>Port for programs that are Orleans clients; 0 is none. Needs <see cref="ClientAuthority"/> and a silo's certificate of its own.</summary>
    [Range(0, 65_535)]
    public int GatewayPort { get; set; }

    /// <summary>Address that the silo listens on. Loopback unless the cluster spans machines.</summary>
    [ShownSetting]
    public string SiloAddress { get; set; } = "127.0.0.1";

    /// <summary>
    /// This silo's certificate for connections between silos, a PEM file; empty makes one under an authority of the grid's secret. Needs the two settings
    /// below.
    /// </summary>
    [ShownSetting]
    public string SiloCertificate { get; set; } = "";

    /// <summary>The private key of <see cref="SiloCertificate"/>, a PEM file.</summary>
    [ShownSetting]
    public string SiloCertificateKey { get; set; } = "";

    /// <summary>The authority that issued the certificates of all silos of this grid and of nobody else, a PEM file.</summary>
    [ShownSetting]
    public string SiloAuthority { get; set; } = "";

    /// <summary>
    /// The authority that issued the certificates of the Orleans clients, a PEM file; never the silos' own: whoever has one of theirs is a silo.
    /// </summary>
    [ShownSetting]
    public string ClientAuthority { get; set; } = "";

    /// <summary>Silos that the cluster has when all run: its database's connections are shared among so many.</summary>
    [Range(1, 1_000)]
    public int Silos { get; set; } = 3;

    /// <summary>
    /// Standbys that have an acknowledged change on their disks, beside the server, by the server's synchronous replication. The start refuses a server that is
    /// not set up so, and <c>doctor</c> says when fewer are connected. 0 promises none.
    /// </summary>
    [Range(0, 10)]
    public int SynchronousStandbys { get; set; }

    /// <summary>How long a start waits for a database that does not answer or takes no changes, seconds.</summary>
    [Range(0, 86_400)]
    public int DatabaseWaitSeconds { get; set; } = 60;

    /// <summary>Orleans cluster id: silos with the same id and database are one cluster.</summary>
    [ShownSetting]
    public string ClusterId { get; set; } = "accountgrid";
}
