using System.Net.Sockets;
using System.Reflection;
using System.Runtime.CompilerServices;
using AccountGrid.Contracts;
using AccountGrid.Domain;
using AccountGrid.Host.Database;
using AccountGrid.Host.Partitions;
using AccountGrid.Streams.Postgres;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Serialization;

namespace AccountGrid.Host.Tests;

/// <summary>What a grain throws reaches a caller in another process as what it is.</summary>
public sealed class GrainBorderTests(GridFixture grid)
{
    private static readonly Exception ReadOnly = new PostgresException("cannot execute INSERT in a read-only transaction", "ERROR", "ERROR", "25006");

    public static TheoryData<string> OwnExceptions =>
    [
        .. new[] { typeof(PassingFaults).Assembly, typeof(PostgresLog).Assembly, typeof(Money).Assembly, typeof(AccountView).Assembly }
            .SelectMany(a => a.GetTypes()).Where(t => t.IsSubclassOf(typeof(Exception)) && !t.IsAbstract).Select(t => t.AssemblyQualifiedName!),
    ];

    [Theory]
    [MemberData(nameof(OwnExceptions))]
    public void Every_exception_of_the_grid_crosses_or_becomes_one_that_does(string type)
    {
        var error = (Exception)RuntimeHelpers.GetUninitializedObject(Type.GetType(type, throwOnError: true)!);
        typeof(Exception).GetField("_innerException", BindingFlags.NonPublic | BindingFlags.Instance)!.SetValue(error, ReadOnly);
        var told = GrainBorder.Crosses(error) ? error : GrainBorder.Told(error);
        Assert.Equal(told.GetType(), Copy(told).GetType());
        Assert.Equal(told.Message, Copy(told).Message);
    }

    [Fact]
    public void A_failed_commit_is_told_as_unavailable_with_its_cause()
    {
        var error = new LogUnavailableException("The log's database did not confirm the commit; whether it happened is not known.", ReadOnly);
        Assert.False(GrainBorder.Crosses(error));
        var told = Copy(Assert.IsType<GridUnavailableException>(GrainBorder.Told(error)));
        Assert.Contains("whether it happened is not known. 25006: cannot execute INSERT", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_for_lag_keeps_when_to_come_again() =>
        Assert.Equal(TimeSpan.FromSeconds(5),
            Assert.IsType<LogBackpressureException>(Copy(new LogBackpressureException("too far ahead", TimeSpan.FromSeconds(5)))).RetryAfter);

    [Fact]
    public void An_error_of_the_grid_itself_is_told_by_type_and_message()
    {
        var told = Assert.IsType<GrainFailedException>(GrainBorder.Told(new InvariantBrokenException("the sums differ")));
        Assert.Equal("InvariantBrokenException: the sums differ", Copy(told).Message);
    }

    [Fact]
    public void What_holds_an_exception_of_the_database_does_not_cross_and_what_holds_none_does()
    {
        Assert.False(GrainBorder.Crosses(new IOException("broken", ReadOnly)));
        Assert.False(GrainBorder.Crosses(new AggregateException(new TimeoutException(), ReadOnly)));
        Assert.False(GrainBorder.Crosses(new OrleansException("activation", ReadOnly)));
        Assert.True(GrainBorder.Crosses(new IOException("broken", new SocketException(104))));
        Assert.True(GrainBorder.Crosses(new PartitionMovingException("ask again")));
    }

    private Exception Copy(Exception error)
    {
        var serializer = grid.Host.Services.GetRequiredService<Serializer>();
        return serializer.Deserialize<Exception>(serializer.SerializeToArray(error))!;
    }
}
