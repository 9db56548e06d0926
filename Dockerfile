# The grid without its own database server. Publish first, for the machine that will run it:
#   dotnet publish src/AccountGrid.Host -c Release -r linux-x64 --self-contained -o publish
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates curl tzdata libssl3 libgssapi-krb5-2 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --create-home --home-dir /data grid
COPY --chown=root:root publish/ /opt/accountgrid/
# By number, so that an orchestrator can see that it is not root. Only /data and /tmp are written: the rest of the file system may be read-only.
USER 10001
VOLUME /data
EXPOSE 5080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s CMD curl -fsS http://127.0.0.1:5080/health/ready || exit 1
# Arguments of a container take the place of CMD: `docker run IMAGE upgrade status`.
ENTRYPOINT ["/opt/accountgrid/accountgrid"]
CMD ["serve", "--data", "/data", "--urls", "http://0.0.0.0:5080"]
