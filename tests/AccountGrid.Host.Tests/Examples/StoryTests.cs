namespace AccountGrid.Host.Tests.Examples;

/// <summary>The requests of docs/accountgrid.http, sent as they stand there, each change twice.</summary>
public sealed class StoryTests(GridFixture grid)
{
    [Fact]
    public async Task The_main_story_is_answered_as_the_file_says_and_a_change_that_is_sent_again_is_made_once()
    {
        var file = HttpFile.Read(Path.Combine(DocumentTests.Root(), "docs", "accountgrid.http"));
        Assert.True(file.Requests.Count > 15, "The file was not read.");
        var runner = new HttpFileRunner(grid);
        foreach (var request in file.Requests)
        {
            var first = await runner.SendAsync(file, request);
            if (request.Method == "GET" || first.Status is < 200 or >= 300)
            {
                continue;
            }

            var again = await runner.OnceAsync(file, request);
            var right = request.Again is { } words ? $"{again.Status}" == words[..3] : again.Status is >= 200 and < 300;
            Assert.True(right, $"{request.Title}, sent again, was answered {again.Status}: {again.Text}");
            if (first.Body is { } body && body.TryGetProperty("position", out var position))
            {
                Assert.Equal(position.ToString(), again.Body!.Value.GetProperty("position").ToString());
            }
        }
    }
}
