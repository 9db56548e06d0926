using System.IO.Compression;
using AccountGrid.Host.Grpc;
using AccountGrid.Host.Security;
using AccountGrid.Testing;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Net.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AccountGrid.Host.Tests.Grpc;

/// <summary>Readings over gRPC, from a real client through a real silo to balances.</summary>
public sealed class GrpcPushTests(GrpcGrid grpc) : IClassFixture<GrpcGrid>
{
    private GridFixture Grid => grpc.Grid;

    [Fact]
    public async Task A_batch_is_answered_after_its_commit_and_becomes_balances()
    {
        await grpc.OpenAsync("GR-A");
        await grpc.OpenAsync("GR-B");
        var batch = Batches.Of("b-1", ["GR-A", "GR-B"], (0, 60, 12_000), (1, 60, 2_000), (0, 60, 12_000));
        AsyncUnaryCall<BatchResult> call;
        await using (var held = await grpc.HoldCommitsAsync())
        {
            call = grpc.Client.PushAsync(batch, GrpcGrid.With(grpc.Key));
            await held.WaitAsync();
            Assert.False(call.ResponseAsync.IsCompleted, "It was answered before its commit.");
        }

        var answer = await call;
        Assert.Equal(("b-1", 2u, 1u, 0u), (answer.BatchId, answer.Accepted, answer.Duplicates, answer.Rejected));
        Assert.Null(answer.Refused);
        await Grid.BalanceAsync("GR-A", "-6.00");
        await Grid.BalanceAsync("GR-B", "-1.00");

        // Again it is nothing.
        Assert.Equal(2u, (await grpc.Client.PushAsync(batch, GrpcGrid.With(grpc.Key))).Accepted);
        await Grid.AssertAuditAsync();
        await Grid.BalanceAsync("GR-A", "-6.00");
    }

    [Fact]
    public async Task A_stream_answers_each_batch_in_order_names_what_is_wrong_and_goes_on()
    {
        await grpc.OpenAsync("GR-S");
        using var stream = grpc.Client.PushStream(GrpcGrid.With(grpc.Key));
        for (var i = 1; i <= 30; i++)
        {
            var batch = Batches.Of($"s-{i}", ["GR-S", "GR-NOBODY", ""], (0, i, i * 100), (1, i, 5), (2, i, 5));
            if (i == 10)
            {
                batch.TimeDeltaMs.RemoveAt(0);
            }

            await stream.RequestStream.WriteAsync(batch);
        }

        await stream.RequestStream.CompleteAsync();
        var answers = await stream.ResponseStream.ReadAllAsync().ToListAsync();
        Assert.Equal(Enumerable.Range(1, 30).Select(i => $"s-{i}"), answers.Select(a => a.BatchId));
        Assert.Equal("request.value_invalid", answers[9].Refused.Code);
        Assert.StartsWith("time_delta_ms: it has 2 entries", answers[9].Refused.Detail, StringComparison.Ordinal);
        Assert.All(answers.Where(a => a.BatchId != "s-10"), a =>
        {
            Assert.Equal((1u, 0u, 2u), (a.Accepted, a.Duplicates, a.Rejected));
            Assert.Equal([(1u, "reading.meter_unknown", Resend.Later), (2u, "reading.meter_invalid", Resend.Corrected)],
                a.Errors.Select(e => (e.Index, e.Code, e.Resend)));
        });
        Assert.Equal(StatusCode.OK, stream.GetStatus().StatusCode);
        await Grid.BalanceAsync("GR-S", "-1.50");
    }

    [Fact]
    public async Task No_more_batches_are_read_than_may_be_under_way()
    {
        await grpc.OpenAsync("GR-F");
        var batches = new CountedBatches([.. Enumerable.Range(1, 20).Select(i => Batches.Of("GR-F", i, i * 100))]);
        var answers = new KeptAnswers();
        var streams = Grid.Host.Services.GetRequiredService<PushStreams>();
        var http = new DefaultHttpContext { RequestServices = Grid.Host.Services };
        http.Request.Headers.Authorization = $"Bearer {grpc.Key}";
        var gateway = (await Grid.Host.Services.GetRequiredService<Callers>().FindAsync(grpc.Key))!;
        Task running;
        await using (var held = await grpc.HoldCommitsAsync())
        {
            running = streams.RunAsync(batches, answers, http, AccountGrid.Host.Http.Permissions.GatewayNumber(gateway));
            await held.WaitAsync();
            await Eventually.GetAsync(() => Task.FromResult(batches.Read), n => n >= GrpcLimits.BatchesAtOnce, "As many as may be are under way");
            await Grid.SendAsync(HttpMethod.Get, "/v1/tariffs");
            Assert.Equal(GrpcLimits.BatchesAtOnce, batches.Read);
            Assert.Empty(answers.Answers);
        }

        await running;
        Assert.Equal(Enumerable.Range(1, 20).Select(i => $"GR-F-{i}"), answers.Answers.Select(a => a.BatchId));
    }

    /// <summary>What was taken before is answered, and the sender is told that of the rest nothing is known.</summary>
    [Fact]
    public async Task A_commit_that_fails_ends_the_stream_and_what_is_sent_again_counts_once()
    {
        await grpc.OpenAsync("GR-X");
        using var stream = grpc.Client.PushStream(GrpcGrid.With(grpc.Key));
        await stream.RequestStream.WriteAsync(Batches.Of("GR-X", 1, 1_000));
        Assert.True(await stream.ResponseStream.MoveNext());
        await using (var held = await grpc.HoldCommitsAsync())
        {
            await stream.RequestStream.WriteAsync(Batches.Of("GR-X", 2, 2_000));
            await held.WaitAsync();
            await held.BreakAsync();
            var refused = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext());
            Assert.Equal((StatusCode.Unavailable, "grid.unavailable"), (refused.StatusCode, refused.Trailers.GetValue("accountgrid-code")));
            Assert.NotNull(refused.Trailers.GetValue("retry-after"));
        }

        var again = await Eventually.GetAsync(async () => await TryAsync(Batches.Of("GR-X", 2, 2_000)), a => a is not null, "The batch is taken");
        Assert.Equal(1u, again!.Accepted);
        await Grid.BalanceAsync("GR-X", "-1.00");
    }

    [Fact]
    public async Task A_batch_that_is_wrong_as_a_whole_ends_a_single_call_with_its_field()
    {
        var batch = Batches.Of("GR-A", 1, 1);
        batch.BaseTimeMs = 7;
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await grpc.Client.PushAsync(batch, GrpcGrid.With(grpc.Key)));
        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("base_time_ms: 7 is no time from 1990 to 2200 in milliseconds since 1970 in UTC.", refused.Status.Detail);
        Assert.Equal("request.value_invalid", refused.Trailers.GetValue("accountgrid-code"));
    }

    [Fact]
    public async Task Keys_and_roles_hold_as_over_HTTP()
    {
        await grpc.OpenAsync("GR-K");
        await Grid.OpenAsync("GR-FOREIGN");
        var batch = Batches.Of("k", ["GR-K", "GR-FOREIGN"], (0, 1, 1_000), (1, 1, 1_000));
        foreach (var (key, status, code) in new[]
        {
            (null, StatusCode.Unauthenticated, "key.missing_or_unknown"), ("agk_0123456789abcdef_" + new string('0', 64), StatusCode.Unauthenticated,
                "key.missing_or_unknown"),
            (await grpc.KeyAsync("client"), StatusCode.PermissionDenied, "key.not_allowed"),
            (Grid.Host.AdministratorKey, StatusCode.PermissionDenied, "key.not_allowed"),
        })
        {
            var headers = key is null ? [] : GrpcGrid.With(key);
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await grpc.Client.PushAsync(batch, headers));
            Assert.Equal((status, code), (refused.StatusCode, refused.Trailers.GetValue("accountgrid-code")));
            Assert.NotEmpty(refused.Status.Detail);
            using var stream = grpc.Client.PushStream(headers);
            refused = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext());
            Assert.Equal((status, code), (refused.StatusCode, refused.Trailers.GetValue("accountgrid-code")));
        }

        var answer = await grpc.Client.PushAsync(batch, GrpcGrid.With(grpc.Key));
        Assert.Equal(1u, answer.Accepted);
        Assert.Equal((1u, "reading.meter_not_yours", Resend.Later), (answer.Errors[0].Index, answer.Errors[0].Code, answer.Errors[0].Resend));
    }

    [Fact]
    public async Task A_key_that_is_revoked_ends_its_stream_before_the_next_batch()
    {
        await grpc.OpenAsync("GR-R");
        var made = await Grid.Admin.PostAsync<KeyAnswer>("/v1/keys", new CreateKeyRequest("gateway", "to be revoked", "GR1"));
        using var stream = grpc.Client.PushStream(GrpcGrid.With(made.Key));
        await stream.RequestStream.WriteAsync(Batches.Of("GR-R", 1, 1_000));
        Assert.True(await stream.ResponseStream.MoveNext());
        Assert.Equal(204, (await Grid.SendAsync(HttpMethod.Delete, $"/v1/keys/{made.Key.Split('_')[1]}")).Status);
        await stream.RequestStream.WriteAsync(Batches.Of("GR-R", 2, 2_000));
        var refused = await Assert.ThrowsAsync<RpcException>(() => stream.ResponseStream.MoveNext());
        Assert.Equal((StatusCode.Unauthenticated, "key.missing_or_unknown"), (refused.StatusCode, refused.Trailers.GetValue("accountgrid-code")));
        await Grid.BalanceAsync("GR-R", "-0.50");
    }

    [Fact]
    public async Task A_key_may_have_so_many_streams_open()
    {
        await grpc.OpenAsync("GR-M");
        var key = await grpc.KeyAsync("gateway", "GR1");
        var streams = new List<AsyncDuplexStreamingCall<ReadingBatch, BatchResult>>();
        for (var i = 0; i < 4; i++)
        {
            streams.Add(grpc.Client.PushStream(GrpcGrid.With(key)));
            await streams[i].RequestStream.WriteAsync(Batches.Of("GR-M", i, i));
            Assert.True(await streams[i].ResponseStream.MoveNext());
        }

        using var fifth = grpc.Client.PushStream(GrpcGrid.With(key));
        var refused = await Assert.ThrowsAsync<RpcException>(() => fifth.ResponseStream.MoveNext());
        Assert.Equal((StatusCode.ResourceExhausted, "key.too_many_requests"), (refused.StatusCode, refused.Trailers.GetValue("accountgrid-code")));
        streams[0].Dispose();
        await Eventually.GetAsync(async () =>
        {
            using var another = grpc.Client.PushStream(GrpcGrid.With(key));
            try
            {
                await another.RequestStream.WriteAsync(Batches.Of("GR-M", 9, 9));
                return await another.ResponseStream.MoveNext();
            }
            catch (RpcException)
            {
                return false;
            }
        }, taken => taken, "There is room for a stream again");
        streams.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task Gzip_is_taken_and_bounded_and_nothing_else_is()
    {
        await grpc.OpenAsync("GR-Z");
        using var channel = GrpcChannel.ForAddress(grpc.Url, new GrpcChannelOptions
        {
            CompressionProviders = [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)],
            MaxSendMessageSize = null,
        });
        var client = new ReadingService.ReadingServiceClient(channel);
        Assert.Equal(1u, (await client.PushAsync(Batches.Of("GR-Z", 1, 1_000), Packed("gzip"))).Accepted);
        var bomb = new ReadingBatch { BatchId = new string('x', 64 << 20) };
        Assert.Equal((StatusCode.InvalidArgument, "body.too_large"), await RefusedAsync(bomb, Packed("gzip")));
        Assert.Equal((StatusCode.Unimplemented, null), await RefusedAsync(Batches.Of("GR-Z", 1, 1_000), Packed("deflate")));
        var large = new ReadingBatch { BatchId = new string('x', 2 << 20) };
        Assert.Equal((StatusCode.ResourceExhausted, null), await RefusedAsync(large, GrpcGrid.With(grpc.Key)));

        async Task<(StatusCode, string?)> RefusedAsync(ReadingBatch batch, Metadata headers)
        {
            var refused = await Assert.ThrowsAsync<RpcException>(async () => await client.PushAsync(batch, headers));
            return (refused.StatusCode, refused.Trailers.GetValue("accountgrid-code"));
        }
    }

    [Theory]
    [InlineData("cut off", false)]
    [InlineData("cut off", true)]
    [InlineData("not gzip", true)]
    [InlineData("not protobuf", false)]
    public async Task Bytes_that_are_no_message_end_the_call(string what, bool isPacked)
    {
        var bytes = Batches.Of("GR-Z", 1, 1_000);
        var message = Google.Protobuf.MessageExtensions.ToByteArray(bytes);
        var sent = what switch
        {
            "not protobuf" => [0xff, 0xff, 0xff],
            "not gzip" => message,
            _ when isPacked => Gzip(message)[..^9],
            _ => message[..^1],
        };
        var method = new Method<byte[], byte[]>(MethodType.Unary, "accountgrid.readings.v1.ReadingService", "Push", Marshallers.Create(b => b, b => b),
            Marshallers.Create(b => b, b => b));
        using var channel = GrpcChannel.ForAddress(grpc.Url, new GrpcChannelOptions { CompressionProviders = [new AsItIs()] });
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(method, null, new CallOptions(isPacked ? Packed("gzip") : GrpcGrid.With(grpc.Key)), sent);
        var refused = await Assert.ThrowsAsync<RpcException>(async () => await call);
        Assert.Equal(isPacked ? StatusCode.InvalidArgument : StatusCode.Unknown, refused.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_and_a_client_of_HTTP_1_are_told_so()
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, "accountgrid.readings.v1.ReadingService", "Pull", Marshallers.Create(b => b, b => b),
            Marshallers.Create(b => b, b => b));
        using var call = grpc.Calls.AsyncUnaryCall(method, null, new CallOptions(GrpcGrid.With(grpc.Key)), [1]);
        Assert.Equal(StatusCode.Unimplemented, (await Assert.ThrowsAsync<RpcException>(async () => await call)).StatusCode);

        // The port of gRPC speaks HTTP/2 alone; the API's own address goes on with HTTP/1.1.
        using var http = new HttpClient { BaseAddress = new Uri(grpc.Url) };
        using var answer = await http.GetAsync("/health/live");
        Assert.Equal(400, (int)answer.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/health/live")
        {
            Version = new(2, 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var other = await http.SendAsync(request);
        Assert.Equal(404, (int)other.StatusCode);
        Assert.Equal(200, (await Grid.SendAsync(HttpMethod.Get, "/health/live")).Status);
        var path = "/accountgrid.readings.v1.ReadingService/Push";
        var body = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { { "Content-Type", "application/grpc" } } };
        Assert.Equal(426, (await Grid.SendAsync(HttpMethod.Post, path, body, http: Grid.WithKey(grpc.Key))).Status);
    }

    private Metadata Packed(string encoding) =>
        new() { { "authorization", $"Bearer {grpc.Key}" }, { "grpc-internal-encoding-request", encoding } };

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bytes);
        }

        return packed.ToArray();
    }

    private async Task<BatchResult?> TryAsync(ReadingBatch batch)
    {
        try
        {
            return await grpc.Client.PushAsync(batch, GrpcGrid.With(grpc.Key));
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.Unavailable)
        {
            return null;
        }
    }

    /// <summary>Says that bytes are gzip, and leaves them.</summary>
    private sealed class AsItIs : ICompressionProvider
    {
        public string EncodingName => "gzip";

        public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => new BufferedStream(stream);

        public Stream CreateDecompressionStream(Stream stream) => stream;
    }

    private sealed class CountedBatches(IReadOnlyList<ReadingBatch> batches) : IAsyncStreamReader<ReadingBatch>
    {
        public int Read { get; private set; }

        public ReadingBatch Current => batches[Read - 1];

        public Task<bool> MoveNext(CancellationToken cancellationToken) => Task.FromResult(Read < batches.Count && ++Read > 0);
    }

    private sealed class KeptAnswers : IServerStreamWriter<BatchResult>
    {
        public List<BatchResult> Answers { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(BatchResult message)
        {
            Answers.Add(message);
            return Task.CompletedTask;
        }
    }
}
