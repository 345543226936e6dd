# A Slurm of one node, for the shell that reads this: `start_slurm` starts it under $work, `stop_slurm` ends it.

start_slurm() {
    for each in munged slurmctld slurmd sbatch sinfo; do
        command -v "$each" >/dev/null || skip "there is no $each"
    done
    [ "$(id -u)" = 0 ] || skip "a Slurm is started by root"
    slurm=$work/slurm
    mkdir -p "$slurm/state" "$slurm/spool"
    # munged wants folders that nobody else may write to.
    munge=$(mktemp -d /run/cancelsim-munge.XXXXXX)
    head -c 1024 /dev/urandom >"$munge/key"
    chmod 400 "$munge/key"
    chmod 755 "$munge"
    munged --socket="$munge/socket" --key-file="$munge/key" --pid-file="$munge/pid" --log-file="$munge/log" \
        --seed-file="$munge/seed"
    export SLURM_CONF="$slurm/slurm.conf"
    cat >"$SLURM_CONF" <<END
ClusterName=cancelsim
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=$((20000 + $$ % 20000))
SlurmdPort=$((20001 + $$ % 20000))
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$munge/socket
CredType=cred/munge
MpiDefault=none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
ReturnToService=2
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
SlurmctldLogFile=$slurm/slurmctld.log
SlurmdLogFile=$slurm/slurmd.log
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=$(nproc) State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END
    slurmctld
    slurmd
    tries=0
    until sinfo --noheader --format=%T 2>/dev/null | grep -q idle; do
        tries=$((tries + 1))
        [ "$tries" -lt 60 ] || { tail -n 20 "$slurm"/*.log; echo "the node never came up"; exit 1; }
        sleep 0.5
    done
}

stop_slurm() {
    for file in "$slurm/slurmd.pid" "$slurm/slurmctld.pid" "$munge/pid"; do
        [ -e "$file" ] || continue
        pid=$(cat "$file")
        kill "$pid" || true
        while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
    done
    rm -rf "$munge"
}
