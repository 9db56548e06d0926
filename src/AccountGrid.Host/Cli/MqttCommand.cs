using System.Globalization;
using AccountGrid.Host.Database;
using AccountGrid.Host.Mqtt;

namespace AccountGrid.Host.Cli;

/// <summary>The verb <c>mqtt check</c>: what a message would become, without a grid and a broker.</summary>
internal static class MqttCommand
{
    /// <summary>Bytes of a sample.</summary>
    private const int SampleBytesMax = 8 << 20;

    /// <summary>Says what the profile makes of the sample; status 1 where it is wrong, or something of the message would be refused or skipped.</summary>
    /// <param name="sample">A file with one message; null checks the profile alone.</param>
    /// <param name="topic">The message's topic; null where the profile has only one with readings.</param>
    /// <param name="births">Files with Sparkplug births of the same device, in order.</param>
    public static async Task<int> CheckAsync(string name, string? sample, string? topic, string? zone, IReadOnlyList<string> births, long nowMs,
        TextWriter output, TextWriter errors)
    {
        var (profile, wrong) = ProfileReader.Read(ShippedProfiles.Load(name), zone);
        wrong = profile is null ? wrong : [.. ProfileConflicts.Of([profile])];
        if (profile is null || wrong.Count > 0)
        {
            wrong.ToList().ForEach(w => errors.WriteLine($"{name}: {w}"));
            return 1;
        }

        if (sample is null)
        {
            await output.WriteLineAsync($"{name}: the profile is right. Topics:");
            profile.Messages.ToList().ForEach(m => output.WriteLine($"  {m.Topic}"));
            return 0;
        }

        var payload = await ReadAsync(sample);
        topic ??= OnlyTopic(profile);
        if (profile.Find(topic) is not { } found)
        {
            await errors.WriteLineAsync($"--topic: '{topic}' is none of {name}: {string.Join(", ", profile.Messages.Select(m => m.Topic))}.");
            return 1;
        }

        var node = new SparkplugNode();
        foreach (var birth in births)
        {
            await LearnAsync(profile, topic, birth, node);
        }

        var lines = new ReadingLines(nowMs) { Texts = [], SkippedTexts = [] };
        var refusal = MessageDecoder.Decode(profile, found.Rule, found.Variables, payload, nowMs, node, lines);
        return await SayAsync(found.Rule.GatewayOf(found.Variables), refusal, lines, output, errors);
    }

    private static async Task<int> SayAsync(string gateway, Refusal? refusal, ReadingLines lines, TextWriter output, TextWriter errors)
    {
        await output.WriteLineAsync($"gateway: {gateway}");
        if (refusal is not null)
        {
            await errors.WriteLineAsync($"{refusal.Code.Text}: {refusal.Detail}");
            return 1;
        }

        var refused = lines.Batch.Errors.Select(e => e.Line).ToHashSet();
        foreach (var (line, text) in lines.Texts!.Where(t => !refused.Contains(t.Line)))
        {
            await output.WriteLineAsync($"reading {line.ToString(CultureInfo.InvariantCulture)}: {text}");
        }

        foreach (var (line, why) in lines.Batch.Errors)
        {
            await errors.WriteLineAsync($"reading {line.ToString(CultureInfo.InvariantCulture)}: {why.Code.Text}: {why.Detail}");
        }

        foreach (var skipped in lines.SkippedTexts!.Distinct())
        {
            await errors.WriteLineAsync($"An item is no reading: {skipped}.");
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"{lines.Batch.Readings.Count} readings, {lines.Refused} refused, {lines.Skipped} items skipped. Only a grid knows whose the meters are."));
        return lines.Refused > 0 || lines.Batch.Readings.Count == 0 ? 1 : 0;
    }

    private static async Task LearnAsync(MqttProfile profile, string topic, string file, SparkplugNode node)
    {
        var payload = await ReadAsync(file);
        var birth = profile.Messages.FirstOrDefault(m => m.Content == MessageContent.Birth)
            ?? throw new StartException($"--birth: profile {profile.Name} knows no births; sparkplug-b does.");
        var variables = profile.Find(topic)!.Value.Variables;
        if (MessageDecoder.Decode(profile, birth, variables, payload, long.MaxValue, node, new ReadingLines(long.MaxValue)) is { } refusal)
        {
            throw new StartException($"{file}: {refusal.Detail}");
        }
    }

    /// <summary>The topic of the readings, with examples in place of its variables.</summary>
    private static string OnlyTopic(MqttProfile profile)
    {
        var all = profile.Messages.Where(m => m.Content == MessageContent.Readings).ToList();
        if (all.Count != 1)
        {
            throw new StartException($"--topic: name one of {string.Join(", ", profile.Messages.Select(m => m.Topic))}.");
        }

        return all[0].Topic.Fill(all[0].Topic.Variables.ToDictionary(v => v, v => v.ToUpperInvariant()))!;
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        try
        {
            var info = new FileInfo(file);
            return info.Exists && info.Length <= SampleBytesMax
                ? await File.ReadAllBytesAsync(file)
                : throw new StartException($"{file}: there is no such file of at most {SampleBytesMax >> 20} MiB.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartException($"{file}: it cannot be read: {e.Message}");
        }
    }
}
