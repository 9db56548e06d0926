using System.Globalization;

namespace AccountGrid.LoadTest.Failover;

/// <summary>
/// The settings of one node of a Patroni cluster on loopback, as its file has them. Synchronous replication is strict: with no standby nothing is
/// acknowledged. Times are a half of Patroni's own defaults, and in its relation: loop_wait + 2 retry_timeout are at most ttl.
/// </summary>
/// <param name="Name">Of the node.</param>
/// <param name="Folder">Gets the server's data and its socket.</param>
/// <param name="Rest">Port of Patroni's API.</param>
/// <param name="Server">Port of the PostgreSQL server.</param>
/// <param name="Link">Port at which the other nodes reach the server.</param>
/// <param name="Etcd">Port of etcd.</param>
/// <param name="Binaries">Folder of the server's programs.</param>
/// <param name="Password">Of the superuser and of replication.</param>
internal sealed record PatroniSettings(string Name, string Folder, int Rest, int Server, int Link, int Etcd, string Binaries, string Password)
{
    /// <summary>How long a leader's key lives without being renewed, seconds; Patroni takes no less.</summary>
    public const int LeaderSeconds = 20;

    public const int LoopSeconds = 5;

    public const int RetrySeconds = 5;

    public string Data => Path.Combine(Folder, Name, "data");

    public string ToYaml() => string.Create(CultureInfo.InvariantCulture, $"""
        scope: accountgrid
        name: {Name}
        restapi:
          listen: 127.0.0.1:{Rest}
          connect_address: 127.0.0.1:{Rest}
        etcd3:
          host: 127.0.0.1:{Etcd}
        bootstrap:
          dcs:
            ttl: {LeaderSeconds}
            loop_wait: {LoopSeconds}
            retry_timeout: {RetrySeconds}
            synchronous_mode: true
            synchronous_mode_strict: true
            failsafe_mode: true
            postgresql:
              use_pg_rewind: true
              parameters:
                max_connections: 150
                shared_buffers: 64MB
                wal_keep_size: 256MB
          initdb:
            - encoding: UTF8
            - data-checksums
        postgresql:
          listen: 127.0.0.1:{Server}
          connect_address: 127.0.0.1:{Link}
          data_dir: {Data}
          bin_dir: {Binaries}
          pgpass: {Path.Combine(Folder, Name, "pgpass")}
          authentication:
            superuser:
              username: postgres
              password: {Password}
            replication:
              username: replicator
              password: {Password}
          parameters:
            unix_socket_directories: {Path.Combine(Folder, Name)}
          pg_hba:
            - local all all trust
            - host all all 127.0.0.1/32 scram-sha-256
            - host replication replicator 127.0.0.1/32 scram-sha-256

        """);
}
